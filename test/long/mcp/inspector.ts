// The protocol's own Inspector.

import path from "node:path";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { installNpmPrograms } from "../../helpers/npm-programs.js";

/** The version whose exit statuses and flags the test knows. */
const PACKAGES = { "@modelcontextprotocol/inspector": "2.12.0" } as const;

/** The path of `mcp-inspector`. Its install script fetches programs for browsers, which nobody here opens. */
export async function installInspector(): Promise<string> {
  const bin = await installNpmPrograms({
    cacheDir: path.join(PACKAGE_ROOT, "node_modules", ".cache", "pyro-inspector"),
    dependencies: PACKAGES,
  });
  return path.join(bin, "mcp-inspector");
}
