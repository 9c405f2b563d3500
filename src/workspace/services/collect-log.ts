// The log of a service, put together from the agent's pieces.

import type { LogPiece } from "../../guest/services.js";
import type { ServiceLog } from "./service-records.js";

export async function collectLog(pieces: AsyncIterable<LogPiece>): Promise<ServiceLog> {
  const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
  let truncated = { stdoutTruncated: false, stderrTruncated: false };
  for await (const piece of pieces) {
    if (piece.stream === "end") {
      const { stdoutTruncated, stderrTruncated } = piece;
      truncated = { stdoutTruncated, stderrTruncated };
    } else {
      chunks[piece.stream].push(piece.bytes);
    }
  }
  return { stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr), ...truncated };
}
