// Looks for a text in all files below a directory, and in what the processes of the host show of themselves.

import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../src/contract/errors.js";

/** The files, below `place` or `place` itself, that hold the text in their content or name. */
export async function filesWith(place: string, text: string): Promise<string[]> {
  const found = await lstat(place);
  if (found.isDirectory()) {
    const names = await readdir(place);
    const below = await Promise.all(names.map((name) => filesWith(path.join(place, name), text)));
    return below.flat();
  }
  const isNamed = path.basename(place).includes(text);
  const content = found.isFile() ? await readFile(place).catch(emptyWhenNamespace) : Buffer.alloc(0);
  const holds = content.includes(text);
  return isNamed || holds ? [place] : [];
}

/** runsc binds a namespace to a file, which has no content that could be read. */
function emptyWhenNamespace(error: unknown): Buffer {
  if (isSystemError(error, "EINVAL")) return Buffer.alloc(0);
  throw error;
}

/** Pids of the processes, but this one, whose arguments or environment show the text. */
export async function processesShowing(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const shown = await Promise.all(
    pids.map(async (pid) => {
      const parts = await Promise.all(
        ["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`).catch(() => Buffer.alloc(0))),
      );
      return Buffer.concat(parts).includes(text) ? [pid] : [];
    }),
  );
  return shown.flat();
}
