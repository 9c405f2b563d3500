// A pyro of one test: its own state, cache and runtime directories, the built CLI, and a look at what is left.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { once } from "node:events";
import { CLI_ENTRY } from "../../src/platform/package-files.js";
import { resolveSettings, type Settings } from "../../src/platform/settings.js";

export interface CliResult {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CliOptions {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 120_000;

export class TestPyro implements AsyncDisposable {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly #children = new Set<ChildProcess>();

  private constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.env = env;
    this.settings = resolveSettings(env);
  }

  /** `extra` variables win; the environment cache is shared between tests, its place from one variable. */
  static async create(extra: Readonly<Record<string, string>> = {}): Promise<TestPyro> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-test-"));
    const shared = resolveSettings().environmentCacheDir;
    return new TestPyro(directory, {
      PATH: process.env["PATH"] ?? "",
      HOME: directory,
      XDG_RUNTIME_DIR: path.join(directory, "run"),
      PYRO_STATE_DIR: path.join(directory, "state"),
      PYRO_CACHE_DIR: path.join(directory, "cache"),
      PYRO_ENVIRONMENT_CACHE_DIR: shared,
      ...extra,
    });
  }

  /** Starts the CLI; the caller ends it, or the disposal does. */
  start(args: readonly string[], options: CliOptions = {}): ChildProcess {
    const child = spawn(process.execPath, [CLI_ENTRY, ...args], {
      env: { ...this.env, ...options.env },
      stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.#children.add(child);
    child.once("close", () => this.#children.delete(child));
    if (options.stdin !== undefined) {
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(options.stdin);
    }
    return child;
  }

  /** Runs the CLI to its end. */
  async run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const child = this.start(args, options);
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const stdout: Buffer[] = [];
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, "close");
    clearTimeout(timer);
    return { status: child.exitCode, stdout: Buffer.concat(stdout), stderr };
  }

  /** Runs the CLI with --json and parses its document. */
  async json(
    args: readonly string[],
    options: CliOptions = {},
  ): Promise<{ status: number | null; value: unknown }> {
    const at = args.indexOf("--");
    const withFlag = at < 0 ? [...args, "--json"] : [...args.slice(0, at), "--json", ...args.slice(at)];
    const { status, stdout } = await this.run(withFlag, options);
    return { status, value: JSON.parse(stdout.toString()) };
  }

  /** Pid of the running daemon. */
  async daemonPid(): Promise<number | undefined> {
    const { value } = await this.json(["daemon", "status"]);
    if (typeof value !== "object" || value === null || !("pid" in value)) return undefined;
    return typeof value.pid === "number" ? value.pid : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    await this.run(["daemon", "stop", "--force"]);
    await rm(this.directory, { recursive: true, force: true });
    await rm(this.settings.runtimeDir, { recursive: true, force: true });
  }
}
