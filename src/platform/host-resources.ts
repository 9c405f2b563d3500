// What the host has left: memory and disk.

import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";

/** Bytes. */
export function readTotalMemory(): number {
  return totalmem();
}

/** Bytes that can be taken without swapping: MemAvailable of proc(5). */
export function readAvailableMemory(): number {
  // No disk is behind it: by way of the thread pool it takes five times as long.
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  if (kib === undefined) throw new Error("/proc/meminfo has no MemAvailable");
  return Number(kib) * 1024;
}

/** Bytes that this user may still write below `directory`. */
export async function readFreeDisk(directory: string): Promise<number> {
  const found = await statfs(directory);
  return found.bavail * found.bsize;
}

/** What a host has left, as one thing: a test can be a host in need. */
export interface HostResources {
  readTotalMemory(): number;
  readAvailableMemory(): number;
  readFreeDisk(directory: string): Promise<number>;
}

export const HOST_RESOURCES: HostResources = { readTotalMemory, readAvailableMemory, readFreeDisk };
