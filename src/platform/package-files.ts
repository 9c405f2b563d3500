// Where the files of this package are: its version and its native programs.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The package's root: this file is in `dist/platform` or `src/platform` of it. */
export const PACKAGE_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Native programs: `runsc`, `pyro-agent`, and `manifest.json` with their digests. */
export const LIBEXEC_DIR = path.join(PACKAGE_ROOT, "libexec");

export const CLI_ENTRY = path.join(PACKAGE_ROOT, "bin", "pyro");

export const PACKAGE_VERSION = readVersion();

function readVersion(): string {
  const file = path.join(PACKAGE_ROOT, "package.json");
  const parsed: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  if (typeof parsed === "object" && parsed && "version" in parsed && typeof parsed.version === "string") {
    return parsed.version;
  }
  throw new Error(`${file} has no version`);
}
