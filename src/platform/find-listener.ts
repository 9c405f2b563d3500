// Who listens on a TCP port of this host, as far as this user may know.

import { readdir, readFile, readlink } from "node:fs/promises";

/** State of a listening socket in /proc/net/tcp, proc(5). */
const LISTEN = "0A";

/** The process in words, such as `process 4711 (python3)`; undefined when it cannot be seen. */
export async function findListener(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const lines = (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1);
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && Number.parseInt(local?.split(":")[1] ?? "", 16) === port && inode) {
        inodes.add(`socket:[${inode}]`);
      }
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    // Those of other users, and those that have ended meanwhile, show nothing.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (inodes.has(target)) return describe(pid);
    }
  }
  return undefined;
}

async function describe(pid: string): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return `process ${pid}${name === "" ? "" : ` (${name.trim()})`}`;
}
