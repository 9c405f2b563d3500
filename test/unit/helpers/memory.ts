// What this process holds, garbage not counted.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Bytes of live objects and buffers. */
export function readLiveBytes(): number {
  // The second round ends what the first one has begun.
  runInNewContext("gc(); gc()");
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
