// A directory of one test, gone when the test has finished.

import { mkdtemp, rm } from "node:fs/promises";
import { onTestFinished } from "vitest";

/** Its path is short, because a socket's has room for 107 bytes. */
export async function makeTempDirectory(): Promise<string> {
  const directory = await mkdtemp("/tmp/py-");
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
