// Which processes of the host have to do with a directory of a test.

import { readdir, readFile } from "node:fs/promises";

/** Those with it in their command line or their environment, but for the caller. */
export async function findProcessesWith(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    // It may end between two looks, and be another user's.
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
    const commandLine = await read("cmdline");
    if (`${commandLine}\0${await read("environ")}`.includes(directory)) {
      found.push(`${pid} ${commandLine.replaceAll("\0", " ")}`);
    }
  }
  return found;
}
