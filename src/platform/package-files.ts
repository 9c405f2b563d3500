// Where the files of this package are: its version and its native programs.

import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The package's root: the nearest directory above this file that has a package.json. */
export const PACKAGE_ROOT = findPackageRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Native programs: `runsc`, `pyro-agent`, and `manifest.json` with their digests. */
export const LIBEXEC_DIR = path.join(PACKAGE_ROOT, "libexec");

export const CLI_ENTRY = path.join(PACKAGE_ROOT, "bin", "pyro");

export const PACKAGE_VERSION = readVersion();

/** What the daemon's process runs: made by scripts/bundle.mjs from daemon/main.ts. */
export const DAEMON_ENTRY = path.join(PACKAGE_ROOT, "dist", "bundle", "daemon.js");

/** The version, and which build of it: a client and a daemon of two builds do not serve each other. */
export function readBuildId(): string {
  const builtAt = statSync(DAEMON_ENTRY, { throwIfNoEntry: false })?.mtimeMs;
  return builtAt === undefined ? PACKAGE_VERSION : `${PACKAGE_VERSION}-${Math.floor(builtAt)}`;
}

function findPackageRoot(directory: string): string {
  if (existsSync(path.join(directory, "package.json"))) return directory;
  const parent = path.dirname(directory);
  if (parent === directory) throw new Error("the package's own package.json is missing");
  return findPackageRoot(parent);
}

function readVersion(): string {
  const file = path.join(PACKAGE_ROOT, "package.json");
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof parsed === "object" && parsed && "version" in parsed && typeof parsed.version === "string") {
    return parsed.version;
  }
  throw new Error(`${file} has no version`);
}
