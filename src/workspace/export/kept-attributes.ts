// What an export keeps of an entry's attributes.

import type { GuestEntry } from "../../guest/files.js";

/** No setuid, setgid or sticky. */
export function keptMode({ mode }: GuestEntry): number {
  return mode & 0o777;
}

/** Seconds since 1970, as node:fs takes them: of the last access and of the last change. */
export function keptTimes({ mtimeNs }: GuestEntry): [atime: number, mtime: number] {
  const seconds = Number(mtimeNs) / 1e9;
  return [seconds, seconds];
}
