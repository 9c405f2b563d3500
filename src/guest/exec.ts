// One command in a guest: what is sent, and the checks on what comes back.

import { randomUUID } from "node:crypto";
import { constants } from "node:os";
import type { Client } from "@connectrpc/connect";
import { PyroError } from "../contract/errors.js";
import type { ExecExited, ProcessService } from "./gen/agent/v1/agent_pb.js";
import { translateRpcError } from "./rpc-error.js";

export interface ExecRequest {
  /** Executed as it is; argv[0] is looked up in the guest's PATH. */
  readonly argv: readonly string[];
  /** Absent: the agent's default. */
  readonly cwd?: string;
  /** Added to the guest's default environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variable to the secret of the guest that it takes its value from. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** As the user that the environment's image names; else as root. */
  readonly asImageUser?: boolean;
  /** Absent: the command reads from /dev/null. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** The whole process tree is killed after it; absent: no limit. */
  readonly timeoutMs?: number;
  /** Names the command for GuestAgent.signal; absent: a random one. */
  readonly processId?: string;
}

export interface ExecResult {
  /** As a shell reports it: 128+n after signal n, 124 after a timeout, 126 and 127 when it could not start. */
  readonly exitCode: number;
  /** Name of the signal that ended the command, such as "SIGKILL". */
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** Receives output in order; the guest waits while a returned promise is pending. */
export type OnOutput = (stream: "stdout" | "stderr", chunk: Uint8Array) => void | Promise<void>;

/** The guest enforces its own timeout; this much later the host stops believing in it. */
const TIMEOUT_GRACE_MS = 15_000;
/** A guest that does not end the stream of a command that has exited is cut off after this. */
const END_TIMEOUT_MS = 10_000;
const CHUNK_BYTES = 64 * 1024;

/** Of two names for one number the first is the usual one: SIGABRT, not SIGIOT. The last entry of a map wins. */
const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

export async function execInGuest(
  client: Client<typeof ProcessService>,
  request: ExecRequest,
  onOutput: OnOutput,
  signal?: AbortSignal,
): Promise<ExecResult> {
  const watch = new SilenceWatch(request.timeoutMs, signal);
  const exited = new AbortController();
  const sent = execMessages(request, exited.signal);
  const received = client.exec(sent, { signal: watch.signal })[Symbol.asyncIterator]();
  let result: ExecResult | undefined;
  try {
    while (!result) {
      const next = await received.next();
      if (next.done) throw new PyroError("guest_died", "the guest ended the command without a result");
      const { message } = next.value;
      if (message.case === "exited") result = parseExited(message.value);
      else if (message.case === "stdout" || message.case === "stderr")
        await watch.whileBusy(onOutput(message.case, message.value));
    }
  } catch (error) {
    throw translateRpcError(error, watch.signal);
  } finally {
    watch.stop();
    exited.abort();
  }
  void readToEnd(received, watch);
  return result;
}

/** The guest clears up before it ends the stream. Nobody waits for that, but a stream that is left unread stays open. */
async function readToEnd(received: AsyncIterator<unknown>, watch: SilenceWatch): Promise<void> {
  watch.abortAfter(END_TIMEOUT_MS);
  try {
    while (!(await received.next()).done);
  } catch {
    // The result is there: what has befallen the guest since is for the next call to tell.
  } finally {
    watch.stop();
  }
}

function parseExited({ exitCode, signal, timedOut, durationUs }: ExecExited): ExecResult {
  return {
    exitCode: Math.min(exitCode, 255),
    signal: signal === 0 ? undefined : (SIGNAL_NAMES.get(signal) ?? `SIG${signal}`),
    timedOut,
    durationMs: Number(durationUs) / 1000,
  };
}

/**
 * Ends the call when the guest has let its own timeout pass in silence. Time in which we ourselves are busy with
 * its output, because a reader is slow, does not count.
 */
class SilenceWatch {
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  #busy = false;
  #lastOutputAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number | undefined, signal: AbortSignal | undefined) {
    this.signal = signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal;
    if (timeoutMs !== undefined) this.#arm(timeoutMs + TIMEOUT_GRACE_MS);
  }

  async whileBusy(work: void | Promise<void>): Promise<void> {
    this.#busy = true;
    await work;
    this.#busy = false;
    this.#lastOutputAt = performance.now();
  }

  /** From now on it does not matter what the guest says. */
  abortAfter(delayMs: number): void {
    this.#timer = setTimeout(() => this.#abort.abort(), delayMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const silentMs = performance.now() - this.#lastOutputAt;
      if (this.#busy || silentMs < TIMEOUT_GRACE_MS) this.#arm(TIMEOUT_GRACE_MS);
      else this.#abort.abort(new PyroError("guest_died", "the guest does not answer any more"));
    }, delayMs);
  }
}

/** Ends with the command: whoever gives it stdin may not end for a long time. */
async function* execMessages(request: ExecRequest, exited: AbortSignal) {
  const { argv, cwd = "", env = {}, secretEnv = {}, asImageUser = false } = request;
  const { stdin, timeoutMs = 0, processId = randomUUID() } = request;
  const texts = { processId, argv: [...argv], cwd, env: { ...env }, secretEnv: { ...secretEnv } };
  const start = { ...texts, asImageUser, stdin: stdin !== undefined, timeoutMs };
  yield { message: { case: "start" as const, value: start } };
  if (!stdin) return;
  for await (const chunk of untilAborted(stdin, exited)) {
    for (let offset = 0; offset < chunk.length; offset += CHUNK_BYTES) {
      const piece = Uint8Array.from(chunk.subarray(offset, offset + CHUNK_BYTES));
      yield { message: { case: "stdin" as const, value: piece } };
    }
  }
  yield { message: { case: "stdinEnd" as const, value: {} } };
}

/** The items that come before the signal aborts. What the source does after that is nobody's concern. */
async function* untilAborted<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  while (!signal.aborted) {
    const next = items.next();
    next.catch(() => undefined);
    const item = await Promise.race([next, aborted]);
    if (!item || item.done === true) return;
    yield item.value;
  }
}
