// Reads all files that a patch names, in as few calls as possible.

import { PyroError, toPyroError } from "../../contract/errors.js";
import type { GuestFiles } from "../../guest/files.js";
import { fetchContents } from "../diff/fetch-contents.js";
import type { FilePatch } from "./file-patch.js";
import { type FileState, MISSING, stateOf } from "./file-state.js";
import { directoriesAbove } from "./patch-path.js";

/** Larger files are not patched, bytes. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** All files of a patch together, bytes: they are in memory at once. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

/** Every path that the patch may mean, and the directories above, and what is there now. */
export async function readOriginals(
  patches: readonly FilePatch[],
  files: GuestFiles,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, FileState>> {
  const originals = new Map<string, FileState>();
  const likeliest = patches.flatMap(({ paths: [{ from, to }] }) => [from, to]);
  const above = likeliest.flatMap(directoriesAbove);
  await readInto(originals, outsideLeaving(patches, [...above, ...likeliest]), files, signal);
  const others = patches.flatMap(({ kind, paths: [first, ...rest] }) => {
    const isThere = kind === "add" || (originals.get(first.from) ?? MISSING).type !== "missing";
    return isThere ? [] : rest.map(({ from }) => from);
  });
  try {
    await readInto(originals, others, files, signal);
  } catch (error) {
    // What a name hardly means is no reason to refuse the patch.
    if (toPyroError(error).code !== "path_outside_workspace") throw error;
  }
  return originals;
}

/** Below a file or a link that the patch takes away there is nothing yet; the link may lead anywhere. */
function outsideLeaving(patches: readonly FilePatch[], paths: readonly string[]): string[] {
  const leaving = new Set(
    patches.flatMap(({ kind, paths: [{ from }] }) => (kind === "delete" || kind === "rename" ? from : [])),
  );
  return paths.filter((path) => !directoriesAbove(path).some((above) => leaving.has(above)));
}

async function readInto(
  originals: Map<string, FileState>,
  paths: readonly string[],
  files: GuestFiles,
  signal: AbortSignal | undefined,
): Promise<void> {
  const missing = [...new Set(paths)].filter((path) => !originals.has(path)).sort();
  let totalBytes = 0;
  const options = { digest: true, maxFileBytes: MAX_FILE_BYTES, signal };
  for await (const fetched of fetchContents(files, missing, options)) {
    totalBytes += fetched.content?.length ?? 0;
    if (totalBytes > MAX_TOTAL_BYTES) {
      throw new PyroError(
        "invalid_input",
        "the files that the patch changes are larger than 256 MiB together",
        {
          hint: "Split the patch.",
        },
      );
    }
    originals.set(fetched.path, stateOf(fetched, MAX_FILE_BYTES));
  }
}
