// Real git compares contents: pairs of blobs go into a scratch repository under names of ours, and come out as hunks.
//
// No name of the guest's reaches git, so none can be an attribute file, a hook or a path that git refuses.

import { once } from "node:events";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { PyroError } from "../../contract/errors.js";
import { type RunOptions, runProcess, type RunResult } from "../../platform/processes.js";
import { DiffSplitter, type OnGitSection } from "./diff-splitter.js";
import { BINARY_SUFFIX, makeScratchRepository, type ScratchRepository } from "./scratch-repository.js";

export interface ContentPair {
  /** Names it in the output, which comes in the order of these numbers; below 10^9. */
  readonly number: number;
  readonly old: Uint8Array | undefined;
  readonly now: Uint8Array | undefined;
  readonly binary: boolean;
}

export interface GitDiffOptions {
  /** Binary pairs come with their content instead of `Binary files … differ`. */
  readonly withBinary: boolean;
  /** Longer sections come without their body. */
  readonly maxSectionBytes: () => number;
  readonly onSection: OnGitSection;
}

/** Contents made to be hard to compare must not take the host's time for ever. */
const TIMEOUT_MS = 120_000;
const TEXT_SUFFIX = "t";
/** fast-import looks a name up by going through its directory. */
const PAIRS_PER_DIRECTORY = 500;

export class GitDiffer implements AsyncDisposable {
  readonly #repository: ScratchRepository;
  readonly #signal: AbortSignal | undefined;
  readonly #stopping = new AbortController();
  readonly #input = new PassThrough({ highWaterMark: 1024 * 1024 });
  readonly #importing: Promise<RunResult>;
  readonly #oldNames: string[] = [];
  readonly #nowNames: string[] = [];
  #marks = 0;

  private constructor(repository: ScratchRepository, signal: AbortSignal | undefined) {
    this.#repository = repository;
    this.#signal = signal;
    const signals = [this.#stopping.signal, ...(signal ? [signal] : [])];
    this.#importing = runGit(repository, ["fast-import", "--quiet", "--done", "--depth=0"], {
      stdin: this.#input,
      signal: AbortSignal.any(signals),
    });
    // Whoever waits for it sees how it ended; until then a failure is nobody's.
    this.#importing.catch(() => undefined);
  }

  static async open(scratchDir: string, signal?: AbortSignal): Promise<GitDiffer> {
    return new GitDiffer(await makeScratchRepository(scratchDir), signal);
  }

  /** The contents are not kept in memory. */
  async add({ number, old, now, binary }: ContentPair): Promise<void> {
    const directory = Math.floor(number / PAIRS_PER_DIRECTORY);
    const name = `${pad(directory)}/${pad(number)}${binary ? BINARY_SUFFIX : TEXT_SUFFIX}`;
    if (old) this.#oldNames.push(`M 100644 ${await this.#addBlob(old)} ${name}\n`);
    if (now) this.#nowNames.push(`M 100644 ${await this.#addBlob(now)} ${name}\n`);
  }

  async diff({ withBinary, maxSectionBytes, onSection }: GitDiffOptions): Promise<void> {
    await this.#write(formatCommit("old", this.#oldNames));
    await this.#write(formatCommit("now", this.#nowNames));
    await this.#write("done\n");
    this.#input.end();
    checkResult(await this.#importing);
    const splitter = new DiffSplitter(maxSectionBytes, onSection);
    const flags = [
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--no-color",
      "--diff-algorithm=histogram",
    ];
    const format = ["-p", "-U3", "--full-index", ...(withBinary ? ["--binary"] : [])];
    const diffing = runGit(
      this.#repository,
      ["diff-tree", "-r", ...format, ...flags, "refs/heads/old", "refs/heads/now"],
      { stdout: splitter, timeoutMs: TIMEOUT_MS, ...(this.#signal && { signal: this.#signal }) },
    );
    checkResult(await diffing);
    await finished(splitter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#importing.catch(() => undefined);
    this.#input.destroy();
    await this.#repository[Symbol.asyncDispose]();
  }

  async #addBlob(bytes: Uint8Array): Promise<string> {
    const mark = `:${++this.#marks}`;
    await this.#write(`blob\nmark ${mark}\ndata ${bytes.length}\n`);
    await this.#write(bytes);
    await this.#write("\n");
    return mark;
  }

  async #write(bytes: Uint8Array | string): Promise<void> {
    if (this.#input.write(bytes)) return;
    // A git that has ended reads no more: its result says why.
    const ended = this.#importing.then(checkResult);
    await Promise.race([once(this.#input, "drain"), ended]);
  }
}

function pad(number: number): string {
  return String(number).padStart(9, "0");
}

function formatCommit(branch: string, names: readonly string[]): string {
  return `commit refs/heads/${branch}\ncommitter pyro <pyro> 0 +0000\ndata 0\n${names.join("")}\n`;
}

function runGit(
  { path, env }: ScratchRepository,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return runProcess(["git", ...args], { cwd: path, env, ...options });
}

function checkResult({ exitCode, timedOut, stderr }: RunResult): void {
  if (timedOut) throw new PyroError("timeout", `git took longer than ${TIMEOUT_MS / 1000} s for the patch`);
  if (exitCode === 0) return;
  const isFull = /No space left on device|Disk quota exceeded/.test(stderr);
  throw new PyroError(isFull ? "out_of_disk" : "internal", `git cannot make the patch: ${stderr.trim()}`);
}
