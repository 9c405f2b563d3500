// The few settings of a repository that say how to read it. Includes are not followed, and nothing else is heeded.

import path from "node:path";
import { readSmallFile } from "../host-file.js";
import type { ObjectFormat } from "./index-file.js";
import { runGit } from "./run-git.js";

export interface RepositoryConfig {
  readonly objectFormat: ObjectFormat;
  /** Whether the executable bit of files counts. */
  readonly fileMode: boolean;
  readonly bare: boolean;
  /** A file of patterns; as it was written, without `~` resolved. */
  readonly excludesFile: string | undefined;
  /** How refs are kept: `files`, or something that cannot be read without its own library. */
  readonly refStorage: string;
}

const CONFIG_MAX_BYTES = 1024 * 1024;

/**
 * Whatever could give one of our settings another value than the usual: all else need not be read by git, which takes
 * as long as to look at a thousand files.
 */
const UNUSUAL = /extensions|excludesfile|filemode(?! = true\n)|bare(?! = false\n)/i;

/** One that cannot be read counts as empty. */
export async function readRepositoryConfig(
  commonDir: string,
  signal: AbortSignal,
): Promise<RepositoryConfig> {
  const file = path.join(commonDir, "config");
  const text = readSmallFile(file, CONFIG_MAX_BYTES)?.toString("latin1");
  const isUsual = text === undefined || !UNUSUAL.test(text);
  const settings = isUsual ? new Map<string, string>() : await listSettings(file, signal);
  return {
    objectFormat: settings.get("extensions.objectformat")?.toLowerCase() === "sha256" ? "sha256" : "sha1",
    fileMode: isTrue(settings.get("core.filemode") ?? "true"),
    bare: isTrue(settings.get("core.bare") ?? "false"),
    excludesFile: settings.get("core.excludesfile"),
    refStorage: settings.get("extensions.refstorage")?.toLowerCase() ?? "files",
  };
}

async function listSettings(file: string, signal: AbortSignal): Promise<Map<string, string>> {
  const args = ["config", "--file", file, "--no-includes", "--null", "--list"];
  const { exitCode, stdout } = await runGit({ args, signal });
  if (exitCode !== 0) return new Map();
  // Each is its name, a newline and its value; without the newline it is true.
  const items = stdout.toString("utf8").split("\0");
  return new Map(
    items.map((item) => {
      const [name = "", ...value] = item.split("\n");
      return [name, value.length === 0 ? "true" : value.join("\n")];
    }),
  );
}

/** As git-config(1) has it. */
function isTrue(value: string): boolean {
  return !/^(|false|no|off|0)$/i.test(value);
}
