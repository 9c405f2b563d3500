// Looks into what may have changed: one suspect after the other, so that few contents are in memory at once.

import { createHash } from "node:crypto";
import type { GuestFiles } from "../../guest/files.js";
import type { SeedFile } from "../../seed/seed.js";
import { type Change, compareSides } from "./compare-sides.js";
import { fetchContents, type FetchedFile } from "./fetch-contents.js";
import { describeSide, type ReadBaseline, type Side, TEXT_MAX_BYTES } from "./side.js";
import type { Suspect } from "./suspects.js";

export interface ExamineOptions {
  readonly files: GuestFiles;
  readonly readContent: ReadBaseline;
  readonly includeBinary: boolean;
  /** Directories with something in them now. */
  readonly filled: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

export interface Finding {
  readonly suspect: Suspect;
  readonly change: Change;
}

/** Larger files are in no patch at all, bytes. */
const BINARY_MAX_BYTES = 64 * 1024 * 1024;

/** What has really changed, in order. */
export async function* examine(
  suspects: readonly Suspect[],
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const { files, includeBinary, signal } = options;
  const maxFileBytes = includeBinary ? BINARY_MAX_BYTES : TEXT_MAX_BYTES;
  const wanted = suspects.filter(({ now }) => now?.type === "file").map(({ path }) => path);
  const fetched = fetchContents(files, wanted, { maxFileBytes, signal });
  try {
    for (const suspect of suspects) {
      signal?.throwIfAborted();
      const found = suspect.now?.type === "file" ? await takeNext(fetched) : undefined;
      const change = await compare(suspect, found, { ...options, maxFileBytes });
      if (change) yield { suspect, change };
    }
    // To its end: what is left of a call to the guest would stay open.
    await fetched.next();
  } finally {
    await fetched.return(undefined);
  }
}

async function compare(
  suspect: Suspect,
  found: FetchedFile | undefined,
  options: ExamineOptions & { readonly maxFileBytes: number },
): Promise<Change | undefined> {
  const { path } = suspect;
  // Between walk and fetch it may have become something else, or gone.
  const nowEntry = found ? found.entry : suspect.now;
  const now = nowEntry && describeSide(nowEntry, found?.content);
  const old = suspect.old && describeSide(suspect.old, await readOldContent(suspect, now, options));
  return compareSides({
    path,
    old,
    now,
    hasEqualContent: old !== undefined && isEqual(suspect, old, found, now),
    isFilledNow: now?.type === "directory" && options.filled.has(path),
    includeBinary: options.includeBinary,
  });
}

/** What the seed holds of a file; undefined when it holds nothing, or when nothing of it is needed. */
async function readOldContent(
  { old }: Suspect,
  now: Side | undefined,
  options: { readContent: ReadBaseline; includeBinary: boolean; maxFileBytes: number },
): Promise<Uint8Array | undefined> {
  if (old?.type !== "file" || old.offset === undefined) return undefined;
  if (now?.type === "file" && now.sizeBytes === old.sizeBytes) return options.readContent(old);
  const isInNoPatch = now?.type === "file" && !now.isText && !options.includeBinary;
  return isInNoPatch || old.sizeBytes > options.maxFileBytes ? undefined : options.readContent(old);
}

function isEqual(
  { old: entry, now: walked }: Suspect,
  old: Side,
  found: FetchedFile | undefined,
  now: Side | undefined,
): boolean {
  if (old.type !== now?.type || old.sizeBytes !== now.sizeBytes) return false;
  if (old.type === "directory") return true;
  if (old.content && now.content) return Buffer.compare(old.content, now.content) === 0;
  if (old.content) return found?.sha256 === createHash("sha256").update(old.content).digest("hex");
  // Nobody has the content that it had: its time has to tell.
  return entry?.type === "file" && walked?.mtimeNs === timeOf(entry);
}

function timeOf({ mtime }: SeedFile): bigint {
  return BigInt(mtime) * 1_000_000_000n;
}

async function takeNext(fetched: AsyncGenerator<FetchedFile>): Promise<FetchedFile | undefined> {
  const next = await fetched.next();
  return next.done === true ? undefined : next.value;
}
