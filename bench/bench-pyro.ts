// A pyro of the benchmark's own: its state and daemon in a temporary directory, the built CLI.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "../src/client/client.js";
import { stopDaemon } from "../src/client/stop-daemon.js";
import { CLI_ENTRY } from "../src/platform/package-files.js";
import { runProcess } from "../src/platform/processes.js";
import { resolveSettings } from "../src/platform/settings.js";

const CLI_TIMEOUT_MS = 300_000;

export interface BenchPyroOptions {
  readonly pool: boolean;
  readonly emptyCache?: boolean;
}

export class BenchPyro implements AsyncDisposable {
  readonly client: Client;
  readonly env: Readonly<Record<string, string>>;
  readonly #directory: string;

  private constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.env = env;
    this.client = new Client(resolveSettings(env));
  }

  /** Shares the user's installed environments, unless its cache is to be empty, and nothing else. */
  static async create({ pool, emptyCache = false }: BenchPyroOptions): Promise<BenchPyro> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-bench-"));
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: directory,
      XDG_RUNTIME_DIR: directory,
      PYRO_STATE_DIR: path.join(directory, "state"),
      PYRO_CACHE_DIR: path.join(directory, "cache"),
      ...(!emptyCache && { PYRO_ENVIRONMENT_CACHE_DIR: resolveSettings().environmentCacheDir }),
      PYRO_POOL: pool ? "1" : "0",
    };
    return new BenchPyro(directory, env);
  }

  /** Runs `script` with a shell, in which "$@" is the CLI with `args`. Throws when it fails. */
  async shell(script: string, args: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#run(["sh", "-c", script, "sh", process.execPath, CLI_ENTRY, ...args], signal);
  }

  /** Runs the CLI. Throws when it fails. */
  async cli(args: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#run([process.execPath, CLI_ENTRY, ...args], signal);
  }

  async stop(): Promise<void> {
    await stopDaemon(this.client.settings, true, new AbortController().signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #run(argv: [string, ...string[]], signal: AbortSignal): Promise<void> {
    const { exitCode, stderr } = await runProcess(argv, { env: this.env, timeoutMs: CLI_TIMEOUT_MS, signal });
    if (exitCode !== 0) throw new Error(`${argv.join(" ")} ended with ${String(exitCode)}: ${stderr}`);
  }
}
