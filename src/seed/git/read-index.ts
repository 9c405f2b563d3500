// Reads the index of a checkout, whole: one that is split or leaves directories out is completed by git first.

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { copyFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { readSmallFile } from "../host-file.js";
import type { Checkout } from "./find-checkout.js";
import { type GitIndex, type ObjectFormat, parseIndex } from "./index-file.js";
import { isPlainPath } from "./plain-path.js";
import { runGit } from "./run-git.js";

export interface ReadIndex extends GitIndex {
  /** Changes with the index. */
  readonly digest: string;
  /** When it was written, milliseconds since 1970: a file as new as that may differ from what it says. */
  readonly mtimeMs: number;
}

const INDEX_MAX_BYTES = 1024 ** 3;
const EMPTY: ReadIndex = { entries: [], extensions: new Map(), digest: "", mtimeMs: 0 };
/** Extensions of an index that is not all there: split off into a second file, and whole directories as one entry. */
const PARTIAL = ["link", "sdir"];

/** `gitDir`: our own view of the repository; it gets the index as well. Throws seed_unusable when it is damaged. */
export async function readIndex(
  checkout: Checkout,
  gitDir: string,
  format: ObjectFormat,
  signal: AbortSignal,
): Promise<ReadIndex> {
  const source = path.join(checkout.gitDir, "index");
  const mtimeMs = statSync(source, { throwIfNoEntry: false })?.mtimeMs;
  const bytes = readSmallFile(source, INDEX_MAX_BYTES);
  if (mtimeMs === undefined || !bytes) return EMPTY;
  const file = path.join(gitDir, "index");
  await writeFile(file, bytes);
  const digest = createHash("sha256").update(bytes).digest("hex");
  try {
    let index = parseIndex(bytes, format);
    if (PARTIAL.some((signature) => index.extensions.has(signature))) {
      await completeIndex(checkout, gitDir, signal);
      index = parseIndex(readSmallFile(file, INDEX_MAX_BYTES) ?? Buffer.alloc(0), format);
    }
    const strange = index.entries.find((entry) => !isPlainPath(entry.path));
    if (strange) throw new RangeError("the index is damaged: it has a path that leads elsewhere");
    return { ...index, digest, mtimeMs };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PyroError(
      "seed_unusable",
      `the Git checkout ${checkout.top} cannot be read: ${error.message}`,
      {
        hint: "See what `git status` says there.",
        cause: error,
      },
    );
  }
}

async function completeIndex(checkout: Checkout, gitDir: string, signal: AbortSignal): Promise<void> {
  for (const name of await readdir(checkout.gitDir)) {
    if (/^sharedindex\.[0-9a-f]+$/.test(name)) {
      await copyFile(path.join(checkout.gitDir, name), path.join(gitDir, name));
    }
  }
  const { exitCode, stderr } = await runGit({
    args: ["update-index", "--no-split-index", "--force-write-index"],
    gitDir,
    workTree: checkout.top,
    signal,
  });
  if (exitCode !== 0) throw new RangeError(`the index cannot be completed: ${stderr.trim()}`);
}
