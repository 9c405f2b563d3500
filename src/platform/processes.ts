// The owner of all child processes: each runs in a process group of its own,
// is ended TERM → grace → KILL as a group, and leaves a bounded tail of output for the error.

import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { OutputTail } from "./output-tail.js";
import { explainStartFailure } from "./program-missing.js";

export interface RunOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly stdin?: Readable | string;
  /** Receives stdout instead of the result. */
  readonly stdout?: Writable;
  /** File descriptors for stdout and stderr, for a child that outlives the call. */
  readonly stdio?: StdioOptions;
  /** Called with each line of stderr. */
  readonly onStderrLine?: (line: string) => void;
  /** Bytes of stdout and of stderr that the result keeps, from the end. */
  readonly keepBytes?: number;
  /** Time between TERM and KILL. */
  readonly graceMs?: number;
}

export interface RunResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_KEEP_BYTES = 1024 * 1024;
const DEFAULT_GRACE_MS = 2000;
/** What host programs need to be found and to speak plain English. */
export const HOST_ENV = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
} as const;

/**
 * Runs a host program to its end and returns how it ended; a non-zero exit is a result.
 * Rejects with `program_missing` when PATH has no such program, with a system error when it cannot be started
 * otherwise, and when `signal` aborts it.
 */
export async function runProcess(
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...(options.env ?? HOST_ENV) },
    detached: true,
    stdio: options.stdio ?? [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const keepBytes = options.keepBytes ?? DEFAULT_KEEP_BYTES;
  const stdout = new OutputTail(keepBytes);
  const stderr = new OutputTail(keepBytes, options.onStderrLine);
  if (options.stdout) child.stdout?.pipe(options.stdout);
  else child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  feed(child.stdin, options.stdin);

  const ending = new GroupEnding(child, options.graceMs ?? DEFAULT_GRACE_MS);
  let timedOut = false;
  const onAbort = () => ending.begin();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          ending.begin();
        }, options.timeoutMs);
  try {
    const { exitCode, signal } = await new Promise<Pick<RunResult, "exitCode" | "signal">>(
      (resolve, reject) => {
        child.once("error", (error) => reject(explainStartFailure(error, program, options.cwd)));
        child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
      },
    );
    options.signal?.throwIfAborted();
    stderr.end();
    return { exitCode, signal, timedOut, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    clearTimeout(timer);
    ending.finish();
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * Ends a child's whole process group: TERM, a grace, KILL. After one more grace it lets go of the child's output,
 * because a descendant that has left the group can hold it open for as long as it likes.
 */
class GroupEnding {
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #timer: NodeJS.Timeout | undefined;
  #begun = false;

  constructor(child: ChildProcess, graceMs: number) {
    this.#child = child;
    this.#graceMs = graceMs;
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    signalGroup(this.#child.pid, "SIGTERM");
    this.#timer = setTimeout(() => {
      signalGroup(this.#child.pid, "SIGKILL");
      this.#timer = setTimeout(() => this.#letGo(), this.#graceMs);
    }, this.#graceMs);
  }

  finish(): void {
    clearTimeout(this.#timer);
    if (this.#begun) signalGroup(this.#child.pid, "SIGKILL");
  }

  #letGo(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone, which is what was asked for.
  }
}

function feed(stdin: Writable | null, input: Readable | string | undefined): void {
  if (!stdin || input === undefined) return;
  // A child that ends without reading all of its input is no failure of ours.
  stdin.on("error", () => undefined);
  if (typeof input === "string") stdin.end(input);
  else input.pipe(stdin);
}
