// OpenCode's configuration file: found, and rewritten with our entry in it.

import { constants } from "node:fs";
import { copyFile, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { writeFileAtomic } from "../platform/atomic-file.js";
import { makeDirectories } from "../platform/make-directories.js";
import { mergeOpencodeConfig, newOpencodeConfig } from "./opencode-config.js";
import type { ServerCommand } from "./server-command.js";

export interface WrittenConfig {
  readonly file: string;
  readonly changed: boolean;
  /** A copy of what was there, when it was no configuration and had to make room. */
  readonly backup?: string;
}

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** The user's configuration for all projects: the file that OpenCode lets win, if it is there. */
export async function findOpencodeFile(env: Readonly<Record<string, string>>): Promise<string> {
  const configHome = env["XDG_CONFIG_HOME"] || path.join(env["HOME"] ?? homedir(), ".config");
  const file = path.join(configHome, "opencode", "opencode.json");
  const found = await stat(`${file}c`).catch(() => undefined);
  return found ? `${file}c` : file;
}

/** Puts our entry into `file`, an absolute path; what is no configuration is copied beside it first. */
export async function writeOpencodeFile(file: string, command: ServerCommand): Promise<WrittenConfig> {
  const present = await readIfPresent(file);
  if (!present) {
    await makeDirectories(path.dirname(file), DIRECTORY_MODE);
    await writeFileAtomic(file, newOpencodeConfig(command), FILE_MODE);
    return { file, changed: true };
  }
  const text = decode(present);
  const merged =
    text?.trim() === "" ? newOpencodeConfig(command) : text && mergeOpencodeConfig(text, command);
  if (merged !== undefined && merged === text) return { file, changed: false };
  const backup = merged === undefined ? await copyBeside(file) : undefined;
  // A configuration is often a link into a directory of dotfiles: the link stays.
  const target = await realpath(file);
  const { mode } = await stat(target);
  await writeFileAtomic(target, merged ?? newOpencodeConfig(command), mode & 0o777);
  return { file, changed: true, ...(backup !== undefined && { backup }) };
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8, and so no configuration.
    return undefined;
  }
}

/** Copies to the first free name, and never over an older copy. */
async function copyBeside(file: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const copy = number === 1 ? `${file}.backup` : `${file}.backup-${number}`;
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  }
}
