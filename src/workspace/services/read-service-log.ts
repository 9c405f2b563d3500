// The log of a service: out of its guest while that lives, else what was taken out of it when the service ended.

import type { LogPiece } from "../../guest/services.js";
import type { Workspace } from "../workspace.js";
import { collectLog } from "./collect-log.js";
import { getService } from "./live-services.js";
import type { ServiceLog } from "./service-records.js";

export interface LogRequest {
  /** Undefined: everything that is kept. */
  readonly tailLines: number | undefined;
}

/** The last lines of each stream. */
export async function readServiceLog(
  workspace: Workspace,
  name: string,
  { tailLines }: LogRequest,
  signal: AbortSignal,
): Promise<ServiceLog> {
  const { services } = workspace.history;
  const kept = await services.readLog(getService(services, name));
  if (kept) return cutLog(kept, tailLines);
  // A guest that has died comes back with the log that its recovery layer holds.
  return workspace.peek(signal, (hold, both) =>
    collectLog(hold.guest.machine.agent.services.readLog(name, { tailLines: tailLines ?? 0 }, both)),
  );
}

/** The same, and then what comes until the service has ended; each piece is waited for. */
export async function followServiceLog(
  workspace: Workspace,
  name: string,
  { tailLines }: LogRequest,
  onPiece: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { services } = workspace.history;
  const kept = await services.readLog(getService(services, name));
  if (kept) {
    const log = cutLog(kept, tailLines);
    if (log.stdout.length > 0) await onPiece("stdout", log.stdout);
    if (log.stderr.length > 0) await onPiece("stderr", log.stderr);
    return;
  }
  await workspace.peek(signal, async (hold, both) => {
    const request = { tailLines: tailLines ?? 0, follow: true };
    const pieces: AsyncIterable<LogPiece> = hold.guest.machine.agent.services.readLog(name, request, both);
    for await (const piece of pieces) {
      if (piece.stream !== "end") await onPiece(piece.stream, piece.bytes);
    }
    await hold.services.untilEnded(name, both);
  });
}

function cutLog(log: ServiceLog, tailLines: number | undefined): ServiceLog {
  if (tailLines === undefined) return log;
  const stdout = tailOf(log.stdout, tailLines);
  const stderr = tailOf(log.stderr, tailLines);
  return {
    stdout,
    stderr,
    stdoutTruncated: log.stdoutTruncated || stdout.length < log.stdout.length,
    stderrTruncated: log.stderrTruncated || stderr.length < log.stderr.length,
  };
}

/** The last lines; one that is not closed counts. */
export function tailOf(log: Buffer, lines: number): Buffer {
  let start = log.length;
  for (let count = 0; count < lines; count++) {
    const newline = start < 2 ? -1 : log.lastIndexOf(0x0a, start - 2);
    start = newline + 1;
    if (newline < 0) break;
  }
  return log.subarray(start);
}
