// Files with patterns of what is not to be seen, apart from a tree's own .gitignore: gitignore(5).

import path from "node:path";
import { readSmallFile } from "../host-file.js";
import { runGit } from "./run-git.js";

/** The setting itself, or other files that may have it. */
const SETTING = /excludesfile|include/i;
const PATTERNS_MAX_BYTES = 1024 * 1024;

/**
 * The user's own file of patterns: what their configuration or the repository's names, else the usual one. Undefined:
 * there is none that can be read.
 */
export async function findUserExcludes(
  named: string | undefined,
  homeDir: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const chosen = named === undefined ? await readUserSetting(homeDir, signal) : resolveHome(named, homeDir);
  const file = chosen ?? path.join(homeDir, ".config", "git", "ignore");
  return path.isAbsolute(file) && readPatterns(file) !== undefined ? file : undefined;
}

/** The patterns of a file; undefined when there is none, or nothing that git should open. */
export function readPatterns(file: string): Buffer | undefined {
  return readSmallFile(file, PATTERNS_MAX_BYTES);
}

async function readUserSetting(homeDir: string, signal: AbortSignal): Promise<string | undefined> {
  const files = [path.join(homeDir, ".gitconfig"), path.join(homeDir, ".config", "git", "config")];
  // Git is only asked when there can be an answer.
  if (!files.some((file) => SETTING.test(readPatterns(file)?.toString("latin1") ?? ""))) return undefined;
  const args = ["config", "--global", "--includes", "--type=path", "--get", "core.excludesFile"];
  const { exitCode, stdout } = await runGit({ args, homeDir, signal });
  return exitCode === 0 ? stdout.toString("utf8").trimEnd() : undefined;
}

function resolveHome(file: string, homeDir: string): string {
  return file.startsWith("~/") ? path.join(homeDir, file.slice(2)) : file;
}
