// Where one smoke plays: a pyro with a state, a home and a daemon of its own, and a project of the user's to work on.

import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopDaemon } from "../../src/client/stop-daemon.js";
import { CLI_ENTRY, PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { HOST_ENV, runProcess, type RunResult } from "../../src/platform/processes.js";
import { resolveSettings } from "../../src/platform/settings.js";
import { Agent } from "./agent.js";
import { hashTree } from "./hash-tree.js";

const CLI_TIMEOUT_MS = 600_000;

export class Stage {
  /** Everything of this smoke on the host is below it. */
  readonly directory: string;
  /** The user's checkout: what a workspace is made from, and what must stay as it is. */
  readonly project: string;
  readonly home: string;
  readonly signal: AbortSignal;
  readonly #env: Readonly<Record<string, string>>;
  readonly #fixtures: string;
  readonly #say: (text: string) => void;
  readonly #agents: Agent[] = [];
  #projectHash = "";

  private constructor(directory: string, name: string, say: (text: string) => void, signal: AbortSignal) {
    this.directory = directory;
    this.project = path.join(directory, "project");
    this.home = path.join(directory, "home");
    this.signal = signal;
    this.#fixtures = path.join(PACKAGE_ROOT, "test", "fixtures", "use-cases", name);
    this.#say = say;
    this.#env = {
      PATH: process.env["PATH"] ?? HOST_ENV.PATH,
      HOME: this.home,
      XDG_RUNTIME_DIR: directory,
      PYRO_STATE_DIR: path.join(directory, "state"),
      PYRO_CACHE_DIR: path.join(directory, "cache"),
      PYRO_ENVIRONMENT_CACHE_DIR: resolveSettings().environmentCacheDir,
    };
  }

  /** Shares the user's installed environments, and nothing else. `close` takes it away. */
  static async open(name: string, say: (text: string) => void, signal: AbortSignal): Promise<Stage> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-smoke-"));
    const stage = new Stage(directory, name, say, signal);
    try {
      await cp(path.join(stage.#fixtures, "project"), stage.project, { recursive: true });
      for (const args of [
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        ["-c", "user.name=smoke", "-c", "user.email=smoke@localhost", "commit", "--quiet", "--message=begin"],
      ]) {
        await stage.#git(args);
      }
      stage.#projectHash = await hashTree(stage.project);
      return stage;
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Tells that `text` holds; throws when it does not. */
  prove(holds: boolean, text: string): void {
    if (!holds) throw new Error(`does not hold: ${text}`);
    this.#say(text);
  }

  /** A file of the recipe that is no part of the project. */
  async fixture(name: string): Promise<string> {
    return readFile(path.join(this.#fixtures, name), "utf8");
  }

  /** An MCP client with a server of its own, started as agents start it: with the flags, in the project. */
  async connect(flags: readonly string[], extraEnv: Readonly<Record<string, string>> = {}): Promise<Agent> {
    const agent = await Agent.connect({
      argv: [process.execPath, CLI_ENTRY, "mcp", "serve", ...flags],
      env: { ...this.#env, ...extraEnv },
      cwd: this.project,
      signal: this.signal,
    });
    this.#agents.push(agent);
    return agent;
  }

  /** Runs the command line in the project; throws when it fails. */
  async pyro(...args: readonly string[]): Promise<string> {
    const argv = [process.execPath, CLI_ENTRY, ...args] as const;
    const { exitCode, stdout, stderr } = await this.#run([...argv], this.#env);
    if (exitCode !== 0) throw new Error(`pyro ${args.join(" ")} ended with ${String(exitCode)}: ${stderr}`);
    return stdout;
  }

  /** Proves that `git apply` takes the patch in the user's checkout; applies nothing. */
  async proveApplies(patch: string): Promise<void> {
    await this.#git(["apply", "--check", "-"], patch);
    this.#say("the patch applies to the project on the host with git apply");
  }

  async proveProjectUntouched(): Promise<void> {
    this.prove((await hashTree(this.project)) === this.#projectHash, "the project on the host is as it was");
  }

  /** Ends all of it, then proves that no process and no mount of it is left. */
  async close(): Promise<void> {
    try {
      for (const agent of this.#agents) await agent.close();
      await stopDaemon(resolveSettings(this.#env), true, new AbortController().signal);
      const left = [...(await this.#findProcesses()), ...(await this.#findMounts())];
      this.prove(left.length === 0, ["nothing is left on the host", ...left].join("; "));
    } finally {
      await rm(this.directory, { recursive: true, force: true });
    }
  }

  async #findProcesses(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const cmdline = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (cmdline.includes(this.directory)) found.push(`process ${pid}`);
    }
    return found;
  }

  async #findMounts(): Promise<string[]> {
    const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
    return lines.filter((line) => line.includes(this.directory));
  }

  async #git(args: readonly string[], stdin = ""): Promise<void> {
    const env = { ...HOST_ENV, HOME: this.home, GIT_CONFIG_NOSYSTEM: "1" };
    const { exitCode, stderr } = await this.#run(["git", "-C", this.project, ...args], env, stdin);
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr}`);
  }

  async #run(
    argv: [string, ...string[]],
    env: Readonly<Record<string, string>>,
    stdin?: string,
  ): Promise<RunResult> {
    const { signal } = this;
    const input = stdin === undefined ? {} : { stdin };
    const cwd = this.project;
    return runProcess(argv, { env, cwd, signal, timeoutMs: CLI_TIMEOUT_MS, ...input });
  }
}
