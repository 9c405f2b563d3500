// The tail of a guest's engine logs, for errors.

import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";

const TAIL_BYTES = 4096;

/** The last lines of every log file in `logDir`, each under its name; stderr and runsc's own log come last. */
export async function readLogTail(logDir: string): Promise<string> {
  const names = await readdir(logDir).catch(() => []);
  const rank = (name: string) => ["runsc.log", "stderr.log"].indexOf(name);
  const parts: string[] = [];
  for (const name of names.sort().sort((a, b) => rank(a) - rank(b))) {
    // A log that cannot be read must not hide the failure that it was to explain.
    const tail = await readTail(path.join(logDir, name)).catch(() => "");
    if (tail) parts.push(`== ${name}\n${tail}`);
  }
  return parts.join("\n");
}

async function readTail(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await stat(file);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    );
    return buffer.subarray(0, bytesRead).toString("utf8").trim();
  } finally {
    await handle.close();
  }
}
