// The protocol's own Inspector, as the npm registry has it: pinned, installed once, shared by all tests.

import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../../src/contract/errors.js";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { runProcess } from "../../../src/platform/processes.js";
import { readUserEnvironment } from "../../../src/platform/user-environment.js";

const PACKAGE = "@modelcontextprotocol/inspector";
/** The version whose exit statuses and flags the test knows. */
const VERSION = "2.12.0";
/** About 110 MB comes down the line. */
const INSTALL_TIMEOUT_MS = 600_000;

/** The path of `mcp-inspector`. */
export async function installInspector(): Promise<string> {
  const cache = path.join(PACKAGE_ROOT, "node_modules", ".cache", "pyro-inspector");
  const installed = path.join(cache, VERSION);
  const program = path.join(installed, "node_modules", ".bin", "mcp-inspector");
  if (await stat(program).catch(() => undefined)) return program;
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(path.join(cache, ".partial-"));
  try {
    await npmInstall(partial);
    await rename(partial, installed).catch((error: unknown) => {
      // Another process was faster, with the same result.
      if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return program;
}

async function npmInstall(directory: string): Promise<void> {
  await writeFile(
    path.join(directory, "package.json"),
    JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } }),
  );
  // Its install script fetches programs for browsers, which nobody here opens.
  const argv = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"] as const;
  const { exitCode, stderr } = await runProcess([...argv], {
    cwd: directory,
    env: readUserEnvironment(),
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new Error(`the Inspector could not be installed: ${stderr}`);
}
