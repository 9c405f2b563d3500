// A live connection to a shell's terminal, as long as the shell lives and the caller stays.

import { toPyroError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import type { GuestShell } from "../../guest/shells.js";
import type { LiveShells } from "./live-shells.js";
import type { Workspace } from "../workspace.js";

export interface AttachInput {
  readonly shellId: string;
  /** Where in the output to begin; absent: with the screen as it stands. */
  readonly cursor: number | undefined;
}

export interface AttachContext {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** What is typed; its end is the caller's leave. Absent: nothing is, and only the shell's end ends the call. */
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
}

export interface Attached {
  readonly shell: GuestShell;
  readonly nextCursor: number;
  readonly detached: boolean;
}

const PIECE_CHARS = 32 * 1024;
const WAIT_MS = 60_000;

export async function attachTerminal(
  workspace: Workspace,
  { shellId, cursor }: AttachInput,
  { signal, onEvent, stdin }: AttachContext,
): Promise<Attached> {
  const left = new AbortController();
  const typing = stdin && type(workspace, shellId, stdin, signal).finally(() => left.abort());
  // Its failure is seen below, when the output has been left.
  typing?.catch(() => undefined);
  const attached = await workspace.peek(signal, async ({ shells }, both) => {
    const start = cursor ?? (await drawScreen(shells, shellId, onEvent, both));
    return streamOutput(shells, shellId, start, onEvent, { signal: both, left: left.signal });
  });
  if (attached.detached) await typing;
  return attached;
}

/** Types what comes, as it comes. */
async function type(
  workspace: Workspace,
  shellId: string,
  stdin: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stdin) {
    const input = decoder.decode(chunk, { stream: true });
    if (input === "") continue;
    await workspace.use(signal, ({ shells }, both) => shells.write(shellId, input, both));
  }
}

/** What a program that is quiet now has left on the screen. Returns where the output goes on. */
async function drawScreen(
  shells: LiveShells,
  shellId: string,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<number> {
  const request = { shellId, cursor: 0, maxChars: PIECE_CHARS, plain: true, waitForIdleMs: undefined };
  const { output, drawing, nextCursor, shell } = await shells.read(request, signal);
  // A full-screen program draws itself anew when it is told of the caller's size.
  const lines = drawing?.fullScreen === true ? [] : output.split("\n").slice(-shell.rows);
  if (lines.length > 0) await onEvent({ type: "stdout", data: Buffer.from(lines.join("\r\n")) });
  return nextCursor;
}

async function streamOutput(
  shells: LiveShells,
  shellId: string,
  start: number,
  onEvent: OnEvent,
  { signal, left }: { readonly signal: AbortSignal; readonly left: AbortSignal },
): Promise<Attached> {
  let nextCursor = start;
  let shell: GuestShell | undefined;
  const either = AbortSignal.any([signal, left]);
  try {
    for (;;) {
      // The first look waits for nothing: whoever leaves at once is still told how the shell is.
      const piece = shell
        ? await shells.next(shellId, nextCursor, PIECE_CHARS, WAIT_MS, either)
        : await shells.next(shellId, nextCursor, PIECE_CHARS, 0, signal);
      const missing = piece.cursor - nextCursor;
      ({ shell, nextCursor } = piece);
      if (missing > 0) {
        await onEvent({ type: "progress", tag: "shell", fields: { phase: "skip", missing_chars: missing } });
      }
      if (piece.output !== "") await onEvent({ type: "stdout", data: Buffer.from(piece.output) });
      else if (shell.endedAt !== undefined) return { shell, nextCursor, detached: false };
    }
  } catch (error) {
    if (!left.aborted || !shell) throw toPyroError(error);
    return { shell, nextCursor, detached: true };
  }
}
