// What a sandbox costs in host memory: gvisor.md, "Watchdog sum".
//
// Guest memory lives in memfds that the Sentry and all stub processes share, so the RSS of the processes
// would count it many times. The file's blocks plus the Sentry's own anonymous memory count it once.

import { readdir, readFile, readlink, stat } from "node:fs/promises";

const GUEST_MEMORY_FILE = /^\/memfd:(runsc-memory|systrap-memory)/;
const BLOCK_BYTES = 512;

/** Bytes of host memory that the sandbox with this pid uses; 0 when it is gone. */
export async function readSandboxMemory(pid: number): Promise<number> {
  const [guestBytes, sentryBytes] = await Promise.all([readMemfdBytes(pid), readAnonymousBytes(pid)]);
  return guestBytes + sentryBytes;
}

async function readMemfdBytes(pid: number): Promise<number> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const sizes = new Map<number, number>();
  for (const fd of fds) {
    const file = `/proc/${pid}/fd/${fd}`;
    const target = await readlink(file).catch(() => "");
    if (!GUEST_MEMORY_FILE.test(target)) continue;
    const found = await stat(file).catch(() => undefined);
    if (found) sizes.set(found.ino, found.blocks * BLOCK_BYTES);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

async function readAnonymousBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? 0 : Number(kib) * 1024;
}
