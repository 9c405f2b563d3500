// The record of one guest's connections, as `pyro-helper network` writes it: a line of JSON for each.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { isSystemError } from "../contract/errors.js";
import { neutralise } from "../contract/untrusted-text.js";

/** Names come from the guest's questions, and may hold anything. */
const UntrustedText = z.string().transform((text) => neutralise(text).replaceAll(/\s/g, " "));

const Connection = z.object({
  /** Unix seconds. */
  at: z.number(),
  protocol: z.string(),
  /** What was asked of the resolver before; "" when nothing was. */
  name: UntrustedText.default(""),
  address: z.string(),
  port: z.number().default(0),
  bytes_sent: z.number().default(0),
  bytes_received: z.number().default(0),
  verdict: z.enum(["allowed", "refused", "failed"]),
  reason: UntrustedText.default(""),
  duration_ms: z.number().default(0),
});

export type Connection = z.infer<typeof Connection>;
export type Verdict = Connection["verdict"];

/** Of a record that has grown to its limit the helper keeps the part before, under this name, and none before that. */
export function formerRecordFile(recordFile: string): string {
  return `${recordFile}.1`;
}

/** Every connection that is kept, in the order in which they were written. A torn or foreign line is left out. */
export async function* readConnections(recordFile: string): AsyncGenerator<Connection> {
  yield* readFileLines(formerRecordFile(recordFile));
  yield* readFileLines(recordFile);
}

async function* readFileLines(file: string): AsyncGenerator<Connection> {
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const connection = parseLine(line);
      if (connection) yield connection;
    }
  } catch (error) {
    // Nothing was connected yet, or the record has just been turned over.
    if (!isSystemError(error, "ENOENT")) throw error;
  } finally {
    input.destroy();
  }
}

function parseLine(line: string): Connection | undefined {
  try {
    return Connection.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
