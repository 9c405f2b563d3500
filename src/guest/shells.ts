// The shells of a guest: what the host asks of them, and the checks on what comes back.

import type { Client } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { countCharacters } from "../contract/characters.js";
import type { ErrorCode } from "../contract/errors.js";
import { SHELL_COLS, SHELL_ROWS } from "../contract/limits.js";
import { wrongAnswer } from "./file-path.js";
import type { Shell, ShellsService } from "./gen/agent/v1/shells_pb.js";
import { translateRpcError } from "./rpc-error.js";

export interface GuestShell {
  readonly shellId: string;
  /** Where it was opened, in the guest. */
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  /** Unix seconds, by the guest's clock. */
  readonly startedAt: number;
  /** Undefined: it runs. */
  readonly endedAt: number | undefined;
  /** As a shell reports it; undefined while it runs. */
  readonly exitCode: number | undefined;
  /** Characters (code points) printed so far. */
  readonly totalChars: number;
  /** Up to here a host has answered what programs asked the terminal. */
  readonly answeredCursor: number;
}

export interface ShellPiece {
  readonly shell: GuestShell;
  /** Where `output` begins: later than asked for when that is not kept any more. */
  readonly cursor: number;
  readonly output: string;
  readonly nextCursor: number;
}

export interface ReadShellRequest {
  readonly shellId: string;
  readonly cursor: number;
  /** 0: only the shell's state. */
  readonly maxChars: number;
  /** Waits until nothing has been printed for so long, counted from the call at the earliest; 30 seconds at most. */
  readonly waitForIdleMs?: number | undefined;
  /** Waits so long at most for anything after the cursor. */
  readonly waitForOutputMs?: number | undefined;
}

/** The agent never waits longer for a shell to fall silent. */
const IDLE_WAIT_MAX_MS = 30_000;
/** As many as the agent keeps: each that it tells of gets a screen here. */
const MAX_SHELLS = 64;
/** On top of what the agent may wait. */
const CALL_TIMEOUT_MS = 15_000;

const MEANINGS: ReadonlyMap<Code, ErrorCode> = new Map([
  [Code.NotFound, "shell_not_found"],
  [Code.ResourceExhausted, "shell_limit_reached"],
]);

/** What opening one means by it: there is no shell that could be. */
const OPEN_MEANINGS: ReadonlyMap<Code, ErrorCode> = new Map([
  ...MEANINGS,
  [Code.NotFound, "program_missing"],
]);

interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export class GuestShells {
  readonly #client: Client<typeof ShellsService>;

  constructor(client: Client<typeof ShellsService>) {
    this.#client = client;
  }

  async open(
    request: {
      readonly shellId: string;
      readonly cwd: string;
      readonly cols: number;
      readonly rows: number;
      /** Variable to the secret of the guest that it takes its value from. */
      readonly secretEnv: Readonly<Record<string, string>>;
    },
    signal?: AbortSignal,
  ): Promise<GuestShell> {
    const message = { ...request, secretEnv: { ...request.secretEnv } };
    try {
      const { shell } = await this.#client.openShell(message, callOptions(signal));
      return parseShell(shell, request.shellId);
    } catch (error) {
      throw translateRpcError(error, signal, OPEN_MEANINGS);
    }
  }

  async read(request: ReadShellRequest, signal?: AbortSignal): Promise<ShellPiece> {
    const { shellId, cursor, maxChars, waitForIdleMs = 0, waitForOutputMs = 0 } = request;
    const message = { shellId, cursor: BigInt(cursor), maxChars, waitForIdleMs, waitForOutputMs };
    const waitMs = waitForOutputMs + (waitForIdleMs > 0 ? IDLE_WAIT_MAX_MS : 0);
    const answer = await this.#call((options) => this.#client.readShell(message, options), signal, waitMs);
    const { output } = answer;
    const from = toCount(answer.cursor);
    const length = countCharacters(output);
    if (from < cursor || length > maxChars) throw wrongAnswer("output that was not asked for");
    return { shell: parseShell(answer.shell, shellId), cursor: from, output, nextCursor: from + length };
  }

  /** Types. `answersCursor`: the input is the terminal's own answer to what was printed up to there. */
  async write(
    shellId: string,
    input: string,
    { answersCursor = 0, signal }: { readonly answersCursor?: number; readonly signal?: AbortSignal } = {},
  ): Promise<GuestShell> {
    const message = {
      shellId,
      input: Uint8Array.from(Buffer.from(input)),
      answersCursor: BigInt(answersCursor),
    };
    const { shell } = await this.#call((options) => this.#client.writeShell(message, options), signal);
    return parseShell(shell, shellId);
  }

  /** Signals what is in the foreground of the terminal; `number` as in signal(7). */
  async signal(shellId: string, number: number, signal?: AbortSignal): Promise<GuestShell> {
    const message = { shellId, signal: number };
    const { shell } = await this.#call((options) => this.#client.signalShell(message, options), signal);
    return parseShell(shell, shellId);
  }

  async resize(shellId: string, cols: number, rows: number, signal?: AbortSignal): Promise<GuestShell> {
    const message = { shellId, cols, rows };
    const { shell } = await this.#call((options) => this.#client.resizeShell(message, options), signal);
    return parseShell(shell, shellId);
  }

  /** Ends the shell with everything that it has started. */
  async close(shellId: string, signal?: AbortSignal): Promise<GuestShell> {
    const { shell } = await this.#call((options) => this.#client.closeShell({ shellId }, options), signal);
    return parseShell(shell, shellId);
  }

  /** In the order of their opening. */
  async list(signal?: AbortSignal): Promise<readonly GuestShell[]> {
    const { shells } = await this.#call((options) => this.#client.listShells({}, options), signal);
    if (shells.length > MAX_SHELLS) throw wrongAnswer("more shells than it keeps");
    return shells.map((shell) => parseShell(shell, shell.shellId));
  }

  async #call<Result>(
    call: (options: CallOptions) => Promise<Result>,
    signal: AbortSignal | undefined,
    waitMs = 0,
  ): Promise<Result> {
    try {
      return await call(callOptions(signal, waitMs));
    } catch (error) {
      throw translateRpcError(error, signal, MEANINGS);
    }
  }
}

function callOptions(signal: AbortSignal | undefined, waitMs = 0): CallOptions {
  return { timeoutMs: CALL_TIMEOUT_MS + waitMs, ...(signal && { signal }) };
}

function parseShell(shell: Shell | undefined, shellId: string): GuestShell {
  if (shell?.shellId !== shellId) throw wrongAnswer("another shell than the one that was asked for");
  const { cols, rows, endedAtNs } = shell;
  if (cols > SHELL_COLS.max || rows > SHELL_ROWS.max) throw wrongAnswer("a terminal that is too large");
  const hasEnded = endedAtNs !== 0n;
  return {
    shellId,
    cwd: shell.cwd,
    cols,
    rows,
    startedAt: toSeconds(shell.startedAtNs),
    endedAt: hasEnded ? toSeconds(endedAtNs) : undefined,
    exitCode: hasEnded ? Math.min(shell.exitCode, 255) : undefined,
    totalChars: toCount(shell.totalChars),
    answeredCursor: toCount(shell.answeredCursor),
  };
}

function toSeconds(nanos: bigint): number {
  return Number(nanos / 1_000_000n) / 1000;
}

function toCount(count: bigint): number {
  if (count > BigInt(Number.MAX_SAFE_INTEGER)) throw wrongAnswer("a position beyond all output");
  return Number(count);
}
