// Makes this process's environment mean the settings of one test, until the test has finished.

import path from "node:path";
import { onTestFinished, vi } from "vitest";
import { settingsToVariables, type Settings } from "../../../src/platform/settings.js";

export function useEnvironmentOf(settings: Settings): void {
  const runtimeParent = path.dirname(path.dirname(settings.runtimeDir));
  const variables = settingsToVariables(settings, { HOME: runtimeParent, XDG_RUNTIME_DIR: runtimeParent });
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}
