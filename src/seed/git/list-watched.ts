// What has to be watched of a checkout: the directories that git looks into, and the files that tell it what to see.

import { readdirSync } from "node:fs";
import path from "node:path";
import { joinBytePath } from "../../platform/byte-path.js";
import type { FreezeContext } from "../freeze/freeze-context.js";
import type { HostEntry } from "../freeze/host-entry.js";
import { readSmallFile } from "../host-file.js";
import { listTree, type WatchList } from "../watch/watch-list.js";
import type { ListedPlace } from "./list-checkout.js";
import { findIgnored } from "./list-untracked.js";

const REF_MAX_BYTES = 256;
const DIRECTORIES_MAX = 5000;

/** `top`: the seed's root. Undefined: it cannot be known in this way. */
export async function listWatched(
  place: ListedPlace,
  top: HostEntry,
  entries: readonly HostEntry[],
  context: FreezeContext,
): Promise<WatchList | undefined> {
  const files = listDecidingFiles(place, context.request.homeDir);
  const unseen = files && (await findUnseen(place, entries, context.signal));
  return unseen && listTree(place.hostDir, top.identity.dev, entries, { directories: unseen, files });
}

/** Files outside the seed, or in its repository, that decide what is in it. Undefined: HEAD leads on to another ref. */
function listDecidingFiles({ view, hostDir }: ListedPlace, homeDir: string): string[] | undefined {
  const { top, gitDir, commonDir, head } = view.checkout;
  const refFiles =
    head.ref === undefined ? [] : [path.join(commonDir, head.ref), path.join(gitDir, head.ref)];
  const isSymbolic = (file: string) =>
    readSmallFile(file, REF_MAX_BYTES)?.toString("latin1").startsWith("ref:");
  if (refFiles.some(isSymbolic)) return undefined;
  return [
    path.join(top, ".git"),
    ...["HEAD", "index", "commondir"].map((name) => path.join(gitDir, name)),
    ...["config", "packed-refs", "info/exclude"].map((name) => path.join(commonDir, name)),
    ...refFiles,
    ...[".gitconfig", ".config/git/config", ".config/git/ignore"].map((name) => path.join(homeDir, name)),
    ...(view.userExcludes === undefined ? [] : [view.userExcludes]),
    ...parentsUpTo(top, hostDir).map((directory) => path.join(directory, ".gitignore")),
  ];
}

/** The directories above `directory`, up to `top`. */
function parentsUpTo(top: string, directory: string): string[] {
  const parents: string[] = [];
  for (let at = directory; at !== top;) parents.push((at = path.dirname(at)));
  return parents;
}

/**
 * Directories that are not ignored and of which nothing is in the seed, because they are empty or all in them is
 * ignored: a new file there would be. Undefined: there are too many.
 */
async function findUnseen(
  { view, hostDir }: ListedPlace,
  entries: readonly HostEntry[],
  signal: AbortSignal,
): Promise<(string | Buffer)[] | undefined> {
  const seen = new Set(entries.filter(({ type }) => type === "directory").map((entry) => entry.path));
  const unseen: string[] = [];
  for (let directories = ["", ...seen]; directories.length > 0;) {
    const inside = directories.flatMap((directory) => listDirectories(hostDir, directory));
    const candidates = inside.filter((directory) => !seen.has(directory));
    const ignored = await findIgnored(view, hostDir, candidates, signal);
    directories = candidates.filter((directory) => !ignored.has(directory));
    unseen.push(...directories);
    if (unseen.length > DIRECTORIES_MAX) return undefined;
  }
  return unseen.map((directory) => joinBytePath(hostDir, directory));
}

function listDirectories(hostDir: string, directory: string): string[] {
  try {
    const found = readdirSync(joinBytePath(hostDir, directory), { encoding: "buffer", withFileTypes: true });
    return found
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name.toString("latin1"))
      .filter((name) => name !== ".git")
      .map((name) => (directory === "" ? name : `${directory}/${name}`));
  } catch {
    // Gone, or not to be read: git does not see anything in it either.
    return [];
  }
}
