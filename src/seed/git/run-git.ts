// Runs the host's git so that nothing of a repository, of the user's or of the system's can make it run a program.

import { Readable, Writable } from "node:stream";
import { PyroError } from "../../contract/errors.js";
import { HOST_ENV, runProcess } from "../../platform/processes.js";

export interface GitCommand {
  readonly args: readonly string[];
  /** Directory of a repository; without one git sees none. */
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  /** Makes git read the user's own configuration. */
  readonly homeDir?: string;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface GitResult {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Longer than any sound repository needs: one whose files are pipes would be waited for without an end. */
const TIMEOUT_MS = 300_000;
const OUTPUT_MAX_BYTES = 512 * 1024 * 1024;

/** Settings of the command line win over every file. */
const SAFE_SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.untrackedCache=false",
  "core.fsync=none",
  "safe.directory=*",
  "protocol.allow=never",
  "credential.helper=",
];

const SAFE_ENV = {
  ...HOST_ENV,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  // Objects that a partial clone lacks are not fetched; GIT_ALLOW_PROTOCOL forbids it to versions that do not know this.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_PAGER: "cat",
  GIT_EDITOR: "false",
  GIT_ASKPASS: "false",
} as const;

/** A non-zero exit is a result. Throws seed_unusable when git does not come to an end. */
export async function runGit(command: GitCommand): Promise<GitResult> {
  const { args, gitDir, workTree, cwd = "/", stdin, homeDir, env, signal } = command;
  const settings = SAFE_SETTINGS.flatMap((setting) => ["-c", setting]);
  const stdout = new ByteCollector();
  const result = await runProcess(["git", ...settings, ...args], {
    env: {
      ...SAFE_ENV,
      ...(homeDir === undefined
        ? { HOME: "/nonexistent", XDG_CONFIG_HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null" }
        : { HOME: homeDir }),
      GIT_DIR: gitDir ?? "/nonexistent",
      ...(workTree !== undefined && { GIT_WORK_TREE: workTree }),
      ...env,
    },
    cwd,
    ...(stdin !== undefined && { stdin: typeof stdin === "string" ? stdin : Readable.from([stdin]) }),
    stdout,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (result.timedOut) throw new PyroError("seed_unusable", `git ${args[0] ?? ""} did not come to an end`);
  if (/No space left on device|Disk quota exceeded/.test(result.stderr)) {
    throw new PyroError("out_of_disk", "no space left for the repository of the seed");
  }
  return { exitCode: result.exitCode, stdout: stdout.take(), stderr: result.stderr };
}

class ByteCollector extends Writable {
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes <= OUTPUT_MAX_BYTES) this.#chunks.push(chunk);
    done();
  }

  take(): Buffer {
    if (this.#sizeBytes <= OUTPUT_MAX_BYTES) return Buffer.concat(this.#chunks);
    throw new PyroError("seed_unusable", "the seed's repository has more files than a seed can have");
  }
}
