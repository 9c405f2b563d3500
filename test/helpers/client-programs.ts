// The real Claude Code, Codex and OpenCode.

import path from "node:path";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { installNpmPrograms } from "./npm-programs.js";

/** Versions whose lines and messages the tests know. */
const PACKAGES = {
  "@anthropic-ai/claude-code": "2.1.330",
  "@openai/codex": "0.169.0",
  "opencode-ai": "1.18.33",
} as const;

/** The directory with `claude`, `codex` and `opencode`. `PYRO_TEST_CLIENTS_DIR` moves it out of node_modules. */
export async function installClients(): Promise<string> {
  return installNpmPrograms({
    cacheDir:
      process.env["PYRO_TEST_CLIENTS_DIR"] ??
      path.join(PACKAGE_ROOT, "node_modules", ".cache", "pyro-clients"),
    dependencies: PACKAGES,
    scriptsOf: ["@anthropic-ai/claude-code", "opencode-ai"],
  });
}
