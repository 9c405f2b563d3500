// Looks for a text in all files below a directory, and in what the processes of the host show of themselves.

import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../src/contract/errors.js";

/** The files, below `place` or `place` itself, that hold the text in their content or name. */
export async function filesWith(place: string, text: string): Promise<string[]> {
  // What a guest has left goes away in the background meanwhile.
  const found = await lstat(place).catch(undefinedWhenGone);
  if (!found) return [];
  if (found.isDirectory()) {
    const names = (await readdir(place).catch(undefinedWhenGone)) ?? [];
    const below = await Promise.all(names.map((name) => filesWith(path.join(place, name), text)));
    return below.flat();
  }
  const isNamed = path.basename(place).includes(text);
  const content = found.isFile() ? await readFile(place).catch(emptyWhenUnreadable) : Buffer.alloc(0);
  const holds = content.includes(text);
  return isNamed || holds ? [place] : [];
}

/** It is gone; or runsc has bound a namespace to it, which has no content that could be read. */
function emptyWhenUnreadable(error: unknown): Buffer {
  if (isSystemError(error, "EINVAL", "ENOENT")) return Buffer.alloc(0);
  throw error;
}

function undefinedWhenGone(error: unknown): undefined {
  if (!isSystemError(error, "ENOENT")) throw error;
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
