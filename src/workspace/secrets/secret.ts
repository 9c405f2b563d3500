// A secret of a workspace, with its value: only in memory, in the store of secrets and in the guest.

import { REDACTED_MIN_BYTES } from "../../contract/limits.js";

export interface Secret {
  readonly name: string;
  readonly sourceKind: "literal" | "file";
  readonly value: Buffer;
}

/** What is looked for in output: programs drop the line end of a file, and others add one. */
export function searchedValue({ value }: Secret): Buffer {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x0a || value[end - 1] === 0x0d)) end -= 1;
  return value.subarray(0, end);
}

export function isRedacted(secret: Secret): boolean {
  return searchedValue(secret).length >= REDACTED_MIN_BYTES;
}
