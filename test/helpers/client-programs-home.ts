// A home directory of one test, in which the clients have no account, no history and a project.

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { HostContext } from "../../src/hosts/agent-host.js";
import { runProcess, type RunResult } from "../../src/platform/processes.js";
import { installClients } from "./client-programs.js";

export interface ClientRun {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;

export class ClientHome implements AsyncDisposable {
  readonly directory: string;
  /** The clients' working directory. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(directory: string, bin: string) {
    this.directory = directory;
    this.project = path.join(directory, "project");
    const nodeDirectory = path.dirname(process.execPath);
    this.env = {
      HOME: directory,
      PATH: [bin, nodeDirectory, "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
      LANG: "C.UTF-8",
      // Nothing that is not asked of them: they would call home, and look for newer versions of themselves.
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      // OpenCode installs a package for plugins in the background.
      npm_config_offline: "true",
    };
  }

  static async create(): Promise<ClientHome> {
    const bin = await installClients();
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-clients-"));
    const home = new ClientHome(directory, bin);
    await mkdir(home.project);
    return home;
  }

  /** As our own code runs the clients. */
  context(): HostContext {
    return { env: this.env, cwd: this.project, signal: new AbortController().signal };
  }

  /** Runs a client by its name, in the project, to its end. */
  async run(name: string, args: readonly string[], { env, timeoutMs }: ClientRun = {}): Promise<RunResult> {
    return runProcess(["env", name, ...args], {
      env: { ...this.env, ...env },
      cwd: this.project,
      timeoutMs: timeoutMs ?? TIMEOUT_MS,
    });
  }

  /** A file below the home directory. */
  async read(...names: string[]): Promise<string> {
    return readFile(path.join(this.directory, ...names), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
