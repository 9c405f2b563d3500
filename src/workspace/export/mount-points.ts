// Where other file systems are mounted on this host.

import { readFile } from "node:fs/promises";

/** Absolute paths. */
export async function readMountPoints(): Promise<string[]> {
  return parseMountPoints(await readFile("/proc/self/mountinfo", "utf8"));
}

/** The fifth field of each line of mountinfo, proc_pid_mountinfo(5); blanks in it are written as `\040`. */
export function parseMountPoints(mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((field) => field !== undefined)
    .map(decodeField);
}

/** Names are bytes; what is not UTF-8 is replaced, and then is no path that a user can give. */
function decodeField(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
