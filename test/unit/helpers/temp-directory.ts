// A directory of one test, gone when the test has finished.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export async function makeTempDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-unit-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
