// How large a seed may be: a guest could not hold more.

import { PyroError } from "../../contract/errors.js";
import { DISK_MIB } from "../../contract/limits.js";

const ENTRIES_MAX = 1_000_000;
const CONTENT_MAX_BYTES = DISK_MIB * 1024 * 1024;

/** Throws seed_unusable when there are more than a seed may have. */
export function checkEntryCount(count: number): void {
  if (count <= ENTRIES_MAX) return;
  throw new PyroError("seed_unusable", `the seed has more than ${ENTRIES_MAX} files and directories`, {
    hint: "Seed a part of it, or a Git checkout that ignores what is not needed.",
    details: { entries_max: ENTRIES_MAX },
  });
}

/** `sizeBytes`: what the contents take on a disk. Throws seed_unusable when that is more than a guest has. */
export function checkContentSize(sizeBytes: number): void {
  if (sizeBytes <= CONTENT_MAX_BYTES) return;
  throw new PyroError("seed_unusable", `the seed is larger than a guest's disk of ${DISK_MIB / 1024} GiB`, {
    hint: "Seed a part of it, or a Git checkout that ignores what is not needed.",
    details: { content_max_bytes: CONTENT_MAX_BYTES },
  });
}
