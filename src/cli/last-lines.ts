// The last lines of a text stream.

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export async function readLastLines(stream: Readable, count: number): Promise<string[]> {
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const reader = createInterface({ input: stream, crlfDelay: Infinity });
    // The reader passes the stream's failure on, and without a listener of its own that ends the process.
    stream.once("error", reject);
    reader.once("error", reject);
    reader.on("line", (line) => {
      lines.push(line);
      if (lines.length > count) lines.shift();
    });
    reader.once("close", resolve);
  });
  return lines;
}
