// The record of one guest's connections, as `pyro-helper network` writes it: lines of JSON.
//
// A connection that was allowed has two, one when it is open and one when it has ended; they share an id.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { isSystemError } from "../contract/errors.js";
import { neutralise } from "../contract/untrusted-text.js";

/** Names come from the guest's questions, and may hold anything. */
const UntrustedText = z.string().transform((text) => neutralise(text).replaceAll(/\s/g, " "));

const Line = z.object({
  /** RFC 3339. */
  at: z.iso.datetime().transform((text) => Date.parse(text) / 1000),
  id: z.string().default(""),
  open: z.boolean().default(false),
  protocol: UntrustedText,
  name: UntrustedText,
  address: UntrustedText,
  port: z.number(),
  bytes_sent: z.number(),
  bytes_received: z.number(),
  verdict: z.enum(["allowed", "refused", "failed"]),
  reason: UntrustedText,
  duration_ms: z.number(),
  /** Of a flood one line stands for many. */
  count: z.int().min(1).default(1),
});

type Line = z.infer<typeof Line>;

export interface Connection extends Omit<Line, "id"> {
  /** Unix seconds: when it was opened, or tried. */
  readonly at: number;
  /** Not known to have ended: its bytes are not known either. */
  readonly open: boolean;
}

export type Verdict = Connection["verdict"];

/** Of a record that has grown to its limit the helper keeps the part before, under this name, and none before that. */
export function formerRecordFile(recordFile: string): string {
  return `${recordFile}.1`;
}

/** Every connection that is kept, as they ended; those that are open come last. */
export async function* readConnections(recordFile: string): AsyncGenerator<Connection> {
  const open = new Map<string, Line>();
  for (const file of [formerRecordFile(recordFile), recordFile]) {
    for await (const line of readLines(file)) {
      if (line.open) {
        open.set(line.id, line);
      } else {
        const begun = open.get(line.id);
        open.delete(line.id);
        yield { ...line, at: begun?.at ?? line.at };
      }
    }
  }
  yield* open.values();
}

/** A line that is torn, because the record is being turned over, or foreign, is left out. */
async function* readLines(file: string): AsyncGenerator<Line> {
  const input = createReadStream(file);
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      const line = parseLine(text);
      if (line) yield line;
    }
  } catch (error) {
    // Nothing was connected to yet.
    if (!isSystemError(error, "ENOENT")) throw error;
  } finally {
    input.destroy();
  }
}

function parseLine(text: string): Line | undefined {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
