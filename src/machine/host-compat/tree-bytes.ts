// What a directory costs on the disk.

import { runProcess } from "../../platform/processes.js";

/** A tree of a million files on a slow disk takes longer than anybody waits for a figure. */
const TIMEOUT_MS = 10_000;

/** Bytes of disk that the tree takes, as far as it can be read in time. */
export async function readTreeBytes(directory: string): Promise<number> {
  const { stdout } = await runProcess(
    ["du", "--summarize", "--one-file-system", "--block-size=1", directory],
    {
      timeoutMs: TIMEOUT_MS,
    },
  );
  return Number.parseInt(stdout, 10) || 0;
}
