// The real Claude Code, Codex and OpenCode, as the npm registry has them: pinned, installed once, shared by all tests.

import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../../src/contract/errors.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";

/** Versions whose lines and messages the tests know. */
const PACKAGES = {
  "@anthropic-ai/claude-code": "2.1.330",
  "@openai/codex": "0.169.0",
  "opencode-ai": "1.18.33",
} as const;

/** About 1 GB comes down the line. */
const INSTALL_TIMEOUT_MS = 840_000;

/** The directory with `claude`, `codex` and `opencode`. `PYRO_TEST_CLIENTS_DIR` moves it out of node_modules. */
export async function installClients(): Promise<string> {
  const cache =
    process.env["PYRO_TEST_CLIENTS_DIR"] ?? path.join(PACKAGE_ROOT, "node_modules", ".cache", "pyro-clients");
  const installed = path.join(cache, Object.values(PACKAGES).join("_"));
  const bin = path.join(installed, "node_modules", ".bin");
  if (await stat(bin).catch(() => undefined)) return bin;
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
  return bin;
}

async function npmInstall(directory: string): Promise<void> {
  // Their install scripts put the program for this machine in its place; npm wants that to be allowed.
  const allowScripts = { "@anthropic-ai/claude-code": true, "opencode-ai": true };
  const manifest = { private: true, dependencies: PACKAGES, allowScripts };
  await writeFile(path.join(directory, "package.json"), JSON.stringify(manifest));
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]));
  const { exitCode, stderr } = await runProcess(["npm", "install", "--no-audit", "--no-fund"], {
    cwd: directory,
    env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new Error(`the clients could not be installed: ${stderr}`);
}
