// Programs as the npm registry has them: pinned, installed once, shared by all tests.

import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../src/contract/errors.js";
import { runProcess } from "../../src/platform/processes.js";
import { readUserEnvironment } from "../../src/platform/user-environment.js";

/** Up to 1 GB comes down the line. */
const INSTALL_TIMEOUT_MS = 840_000;

export interface NpmPrograms {
  /** Each set of versions has a directory in it. */
  readonly cacheDir: string;
  /** Exact versions, by package. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Packages whose install scripts put the program for this machine in its place; no other's run. */
  readonly scriptsOf?: readonly string[];
}

/** Returns the directory with their executables. */
export async function installNpmPrograms(programs: NpmPrograms): Promise<string> {
  const { cacheDir, dependencies } = programs;
  const installed = path.join(cacheDir, Object.values(dependencies).join("_"));
  const bin = path.join(installed, "node_modules", ".bin");
  if (await stat(bin).catch(() => undefined)) return bin;
  await mkdir(cacheDir, { recursive: true });
  const partial = await mkdtemp(path.join(cacheDir, ".partial-"));
  try {
    await npmInstall(partial, programs);
    await rename(partial, installed).catch((error: unknown) => {
      // Another process was faster, with the same result.
      if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return bin;
}

async function npmInstall(directory: string, { dependencies, scriptsOf = [] }: NpmPrograms): Promise<void> {
  const allowScripts = Object.fromEntries(scriptsOf.map((name) => [name, true]));
  const manifest = { private: true, dependencies, ...(scriptsOf.length > 0 && { allowScripts }) };
  await writeFile(path.join(directory, "package.json"), JSON.stringify(manifest));
  const flags = ["--no-audit", "--no-fund", ...(scriptsOf.length > 0 ? [] : ["--ignore-scripts"])];
  const { exitCode, stderr } = await runProcess(["npm", "install", ...flags], {
    cwd: directory,
    env: readUserEnvironment(),
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  const names = Object.keys(dependencies).join(", ");
  if (exitCode !== 0) throw new Error(`${names} could not be installed: ${stderr}`);
}
