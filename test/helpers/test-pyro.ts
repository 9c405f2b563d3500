// A pyro of one test: its own state, cache and runtime directories, the built CLI, and a look at what is left.

import { spawn, type ChildProcess } from "node:child_process";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
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
  /** Leaves stdin open, for the caller to write to. */
  readonly openStdin?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Another CLI than this package's: that of a copy. */
  readonly cli?: string;
}

/** Another user of the host than the one who runs the tests. */
export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const DEFAULT_TIMEOUT_MS = 120_000;

export class TestPyro implements AsyncDisposable {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly #user: HostUser | undefined;
  readonly #inside: readonly string[];
  readonly #children = new Set<ChildProcess>();

  private constructor(
    directory: string,
    env: Readonly<Record<string, string>>,
    user: HostUser | undefined,
    inside: readonly string[],
  ) {
    this.directory = directory;
    this.#inside = inside;
    this.env = env;
    this.settings = resolveSettings(env);
    this.#user = user;
  }

  /**
   * `extra` variables win; the environment cache is shared between tests, its place from one variable. With
   * `user` the CLI, and so the daemon, run as that user, for which the tests must run as root. `inside` is what the
   * CLI's command line begins with, to run in a namespace.
   */
  static async create(
    extra: Readonly<Record<string, string>> = {},
    user?: HostUser,
    inside: readonly string[] = [],
  ): Promise<TestPyro> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-test-"));
    await chmod(directory, 0o700);
    if (user) await chown(directory, user.uid, user.gid);
    const shared = resolveSettings().environmentCacheDir;
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: directory,
      XDG_RUNTIME_DIR: directory,
      PYRO_STATE_DIR: path.join(directory, "state"),
      PYRO_CACHE_DIR: path.join(directory, "cache"),
      PYRO_ENVIRONMENT_CACHE_DIR: shared,
      // Tests count sandboxes: parked ones only where a test is about them.
      PYRO_POOL: "0",
      ...extra,
    };
    return new TestPyro(directory, env, user, inside);
  }

  /** The command line of the CLI, as it is started. */
  argv(args: readonly string[], entry = CLI_ENTRY): [string, ...string[]] {
    const cli = [process.execPath, entry, ...args] as const;
    const [program, ...rest] = [...this.#inside, ...this.#asUser(), ...cli];
    return [program ?? process.execPath, ...rest];
  }

  #asUser(): readonly string[] {
    if (!this.#user) return [];
    const { uid, gid } = this.#user;
    return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  }

  /** Starts the CLI; the caller ends it, or the disposal does. */
  start(args: readonly string[], options: CliOptions = {}): ChildProcess {
    const [program, ...rest] = this.argv(args, options.cli);
    const child = spawn(program, rest, {
      env: { ...this.env, ...options.env },
      stdio: [options.stdin === undefined && !options.openStdin ? "ignore" : "pipe", "pipe", "pipe"],
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
