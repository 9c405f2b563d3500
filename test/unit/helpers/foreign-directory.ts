// A directory that is not ours: root gives one away, others find one in the system's.

import { chown, mkdir } from "node:fs/promises";
import path from "node:path";
import { makeTempDirectory } from "./temp-directory.js";

const NOBODY = 65_534;

export async function findForeignDirectory(): Promise<string> {
  if (process.geteuid?.() !== 0) return "/usr";
  const directory = path.join(await makeTempDirectory(), "f");
  await mkdir(directory);
  await chown(directory, NOBODY, NOBODY);
  return directory;
}
