// `.git` files: in a submodule or a linked worktree they name the directory of the repository. gitrepository-layout(5).

import { existsSync } from "node:fs";
import path from "node:path";
import { joinBytePath } from "../../platform/byte-path.js";
import { readSmallFile } from "../host-file.js";

const POINTER_MAX_BYTES = 8192;

/** The repository that the file names, absolute; undefined when it is no such file. */
export function readGitPointer(file: string): string | undefined {
  const text = readSmallFile(file, POINTER_MAX_BYTES)?.toString("utf8");
  const target = /^gitdir: (.+?)\r?\n*$/.exec(text ?? "")?.[1];
  return target === undefined ? undefined : path.resolve(path.dirname(file), target);
}

/** Whether the file `bytePath` below `root` points to a repository that a guest, with only `root`, would not find. */
export function isDanglingGitPointer(root: string, bytePath: string): boolean {
  if (bytePath !== ".git" && !bytePath.endsWith("/.git")) return false;
  const file = joinBytePath(root, bytePath);
  if (typeof file !== "string") return false;
  const text = readSmallFile(file, POINTER_MAX_BYTES)?.toString("utf8") ?? "";
  const repository = readGitPointer(file);
  if (repository === undefined) return false;
  return text.startsWith("gitdir: /") || !repository.startsWith(root + path.sep) || !existsSync(repository);
}
