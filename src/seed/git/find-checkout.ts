// Finds the Git repository that a directory belongs to, as git itself does, but reads no configuration on the way.

import { statSync } from "node:fs";
import path from "node:path";
import { readSmallFile } from "../host-file.js";
import { readGitPointer } from "./git-pointer.js";

export interface Checkout {
  /** The directory with the `.git`, absolute. */
  readonly top: string;
  /** What belongs to this checkout alone: HEAD and the index. */
  readonly gitDir: string;
  /** What all checkouts of the repository have in common: objects, refs and configuration. */
  readonly commonDir: string;
  readonly head: GitHead;
}

export interface GitHead {
  /** Full name of the ref that HEAD stands for; undefined: it is detached. */
  readonly ref: string | undefined;
  /** The contents of HEAD. */
  readonly text: string;
}

const HEAD_MAX_BYTES = 4096;
const HEAD = /^(?:ref:\s*(refs\/[^\s]+)|[0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/;

/** The checkout that `directory`, absolute and without links, is in; undefined when it is in none. */
export function findCheckout(directory: string): Checkout | undefined {
  const checkout = openCheckout(directory);
  const parent = path.dirname(directory);
  if (checkout || parent === directory) return checkout;
  return findCheckout(parent);
}

/** The checkout whose top is `directory`. A `.git` that leads to no repository does not make one. */
export function openCheckout(directory: string): Checkout | undefined {
  const dotGit = path.join(directory, ".git");
  const gitDir = isDirectory(dotGit) ? dotGit : readGitPointer(dotGit);
  if (gitDir === undefined) return undefined;
  const pointer = readSmallFile(path.join(gitDir, "commondir"), HEAD_MAX_BYTES)?.toString("utf8").trimEnd();
  const commonDir = pointer === undefined ? gitDir : path.resolve(gitDir, pointer);
  const head = readHead(gitDir);
  if (!head || !isDirectory(path.join(commonDir, "objects")) || !isDirectory(path.join(commonDir, "refs"))) {
    return undefined;
  }
  return { top: directory, gitDir, commonDir, head };
}

function readHead(gitDir: string): GitHead | undefined {
  const text = readSmallFile(path.join(gitDir, "HEAD"), HEAD_MAX_BYTES)?.toString("latin1") ?? "";
  const match = HEAD.exec(text);
  return match ? { ref: match[1], text } : undefined;
}

function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
