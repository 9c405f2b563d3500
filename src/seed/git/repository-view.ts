// A repository of our own that shows the objects, refs and index of somebody else's: git works on it without reading
// the other's configuration, and without writing to the other.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { readSmallFile } from "../host-file.js";
import { findUserExcludes, readPatterns } from "./excludes.js";
import type { Checkout } from "./find-checkout.js";
import { type ReadIndex, readIndex } from "./read-index.js";
import { readRepositoryConfig, type RepositoryConfig } from "./repository-config.js";
import { runGit } from "./run-git.js";

export interface RepositoryView {
  readonly checkout: Checkout;
  /** Our own directory. */
  readonly gitDir: string;
  readonly config: RepositoryConfig;
  readonly index: ReadIndex;
  /** The commit that HEAD stands for; undefined: there is none yet. */
  readonly commit: string | undefined;
  /** Patterns of this clone alone. */
  readonly ownExcludes: Buffer | undefined;
  /** The user's own file of patterns. */
  readonly userExcludes: string | undefined;
}

export interface ViewOptions {
  /** Does not exist yet. */
  readonly gitDir: string;
  readonly homeDir: string;
  readonly signal: AbortSignal;
}

const PACKED_REFS_MAX_BYTES = 256 * 1024 * 1024;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Throws seed_unusable when the repository cannot be read. */
export async function openRepositoryView(
  checkout: Checkout,
  { gitDir, homeDir, signal }: ViewOptions,
): Promise<RepositoryView> {
  const { commonDir } = checkout;
  const config = await readRepositoryConfig(commonDir, signal);
  const ownExcludes = readPatterns(path.join(commonDir, "info", "exclude"));
  await mkdir(path.join(gitDir, "objects", "info"), { recursive: true, mode: 0o700 });
  await mkdir(path.join(gitDir, "info"));
  await writeFile(path.join(gitDir, "HEAD"), checkout.head.text, "latin1");
  await writeFile(path.join(gitDir, "config"), formatViewConfig(config));
  await writeFile(
    path.join(gitDir, "objects", "info", "alternates"),
    quoteAlternate(path.join(commonDir, "objects")),
  );
  await writeFile(path.join(gitDir, "info", "exclude"), ownExcludes ?? "");
  await symlink(path.join(commonDir, "refs"), path.join(gitDir, "refs"));
  const packedRefs = readSmallFile(path.join(commonDir, "packed-refs"), PACKED_REFS_MAX_BYTES);
  if (packedRefs) await writeFile(path.join(gitDir, "packed-refs"), packedRefs);

  const [index, commit, userExcludes] = await Promise.all([
    readIndex(checkout, gitDir, config.objectFormat, signal),
    readCommit(gitDir, signal),
    findUserExcludes(config.excludesFile, homeDir, signal),
  ]);
  return { checkout, gitDir, config, index, commit, ownExcludes, userExcludes };
}

async function readCommit(gitDir: string, signal: AbortSignal): Promise<string | undefined> {
  const { stdout } = await runGit({ args: ["rev-parse", "--verify", "--quiet", "HEAD"], gitDir, signal });
  const commit = stdout.toString("latin1").trim();
  return COMMIT.test(commit) ? commit : undefined;
}

function formatViewConfig({ objectFormat }: RepositoryConfig): string {
  const version = objectFormat === "sha256" ? 1 : 0;
  const extensions = version === 1 ? "[extensions]\n\tobjectformat = sha256\n" : "";
  return `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n${extensions}`;
}

/** A line of objects/info/alternates: quoted, because a path may begin with `#` or hold a newline. */
function quoteAlternate(directory: string): string {
  const escapes: Record<string, string> = { "\n": "\\n", '"': '\\"', "\\": "\\\\" };
  return `"${directory.replace(/[\n"\\]/g, (character) => escapes[character] ?? character)}"\n`;
}
