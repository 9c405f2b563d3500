// Which files of a push's source have the guest's contents, by their digests: none of it is sent to find out.

import { forEachLimited } from "../../environment/for-each-limited.js";
import type { GuestFiles } from "../../guest/files.js";
import type { PlannedFile } from "../../seed/freeze/plan.js";
import { placeIn } from "./push-plan.js";
import { SourceFile } from "./source-file.js";

export interface FindEqualOptions {
  readonly files: GuestFiles;
  /** The directory that is pushed into, relative to /workspace. */
  readonly dest: string;
  readonly scratchDir: string;
  readonly signal: AbortSignal;
}

const PARALLEL_READS = 8;
/** A content that is longer does not come, only its digest does. */
const MAX_SENT_BYTES = 1;

export async function findEqual(
  doubtful: readonly PlannedFile[],
  options: FindEqualOptions,
): Promise<ReadonlySet<PlannedFile>> {
  const equal = new Set<PlannedFile>();
  if (doubtful.length === 0) return equal;
  const digests = await fetchDigests(doubtful, options);
  await forEachLimited(doubtful, PARALLEL_READS, async (file) => {
    const guestDigest = digests.get(placeIn(options.dest, file.path));
    if (guestDigest === undefined) return;
    await using source = await SourceFile.open(file, options.scratchDir);
    if (source && (await source.sha256(options.signal)) === guestDigest) equal.add(file);
  });
  return equal;
}

/** By path in the workspace; those files are missing that the guest could not read whole. */
async function fetchDigests(
  doubtful: readonly PlannedFile[],
  { files, dest, signal }: FindEqualOptions,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const paths = doubtful.map(({ path }) => placeIn(dest, path));
  let current = "";
  for await (const thing of files.fetch(paths, { digest: true, maxFileBytes: MAX_SENT_BYTES }, signal)) {
    if (thing.kind === "entry") current = thing.entry.path;
    else if (thing.kind === "end" && thing.sha256 !== undefined && thing.problem === undefined) {
      digests.set(current, thing.sha256);
    }
  }
  return digests;
}
