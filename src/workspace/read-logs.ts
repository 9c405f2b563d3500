// The commands of a workspace with pieces of their output.

import type { CommandEntry } from "./journal.js";
import { cutUtf8, UTF8_CHARACTER_BYTES } from "./files/utf8-piece.js";
import type { History } from "./history.js";
import type { StreamName } from "./output-store.js";

export interface LogsRequest {
  /** Only this command. */
  readonly sequence: number | undefined;
  /** Only this stream of it. */
  readonly stream: StreamName | undefined;
  /** Where to begin in each stream, bytes. */
  readonly offset: number;
  /** Of each stream. */
  readonly maxBytes: number;
  /** Only the latest commands, this many. */
  readonly limit: number | undefined;
}

export interface LogText {
  /** What is not UTF-8 is replaced. */
  readonly text: string;
  /** There is more behind it. */
  readonly truncated: boolean;
  readonly nextOffset: number | null;
  /** All that the command wrote; more than can be read when not all of it was kept. */
  readonly totalBytes: number;
}

export interface LogEntry {
  readonly command: CommandEntry;
  readonly stdout: LogText;
  readonly stderr: LogText;
}

export interface Logs {
  /** Commands since the last reset. */
  readonly count: number;
  readonly entries: readonly LogEntry[];
}

/** All texts of one answer together; each entry gets its share. */
const MAX_TOTAL_BYTES = 4 * 1024 * 1024;
const EMPTY: LogText = { text: "", truncated: false, nextOffset: null, totalBytes: 0 };

export async function readLogs(history: History, request: LogsRequest): Promise<Logs> {
  const { sequence, limit } = request;
  const all = await history.readCommands();
  const chosen =
    sequence === undefined
      ? all.slice(limit === undefined ? 0 : Math.max(0, all.length - limit))
      : [await history.getCommand(sequence)];
  const share = Math.floor(MAX_TOTAL_BYTES / (2 * Math.max(1, chosen.length)));
  const maxBytes = Math.max(UTF8_CHARACTER_BYTES, Math.min(request.maxBytes, share));
  const entries: LogEntry[] = [];
  for (const command of chosen) {
    const read = (stream: StreamName) =>
      request.stream === undefined || request.stream === stream
        ? readPiece(history, command, stream, { offset: request.offset, maxBytes })
        : Promise.resolve(EMPTY);
    entries.push({ command, stdout: await read("stdout"), stderr: await read("stderr") });
  }
  return { count: all.length, entries };
}

async function readPiece(
  history: History,
  { sequence, end }: CommandEntry,
  stream: StreamName,
  range: { readonly offset: number; readonly maxBytes: number },
): Promise<LogText> {
  const { bytes, sizeBytes } = await history.outputs.read(sequence, stream, range);
  const pieceEnd = range.offset + bytes.length;
  const atEnd = pieceEnd >= sizeBytes;
  const piece = cutUtf8(bytes, { atStart: range.offset === 0, atEnd });
  const written = stream === "stdout" ? end?.stdoutBytes : end?.stderrBytes;
  return {
    text: Buffer.from(piece.bytes).toString("utf8"),
    truncated: !atEnd,
    nextOffset: atEnd ? null : range.offset + piece.skippedBytes + piece.bytes.length,
    totalBytes: written ?? sizeBytes,
  };
}
