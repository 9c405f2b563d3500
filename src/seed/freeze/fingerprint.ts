// Tells whether a source has changed since it was frozen, without reading its files.

import { createHash } from "node:crypto";
import type { FreezeContext } from "./freeze-context.js";
import type { HostEntry } from "./host-entry.js";

/** Grows when the same source makes another seed than before. */
const FORMAT = 1;
/** Two changes of a file within one tick of the kernel's clock have one and the same time. */
const TICK_MS = 50;
/** The same where file systems keep whole seconds, or even ones only. */
const COARSE_TICK_MS = 2500;

/**
 * `facts`: what else the seed depends on. Undefined when a file changed so shortly before it was looked at that a
 * later change could not be told.
 */
export function fingerprintTree(
  entries: readonly HostEntry[],
  facts: readonly string[],
  { request, startedAtMs }: FreezeContext,
): string | undefined {
  if (entries.some(({ identity }) => startedAtMs - identity.ctimeMs < tickOf(identity.ctimeMs)))
    return undefined;
  const hash = createHash("sha256");
  hash.update(`${[FORMAT, request.tarBudgetBytes, ...facts].join("\0")}\0\0`);
  hash.update(entries.map(({ path, type }) => `${type} ${path}\0`).join(""), "latin1");
  // As numbers: to write 60,000 of them out as text takes longer than to look at the files.
  const numbers = new Float64Array(entries.length * 6);
  let at = 0;
  for (const { mode, identity } of entries) {
    const { dev, ino, sizeBytes, mtimeMs, ctimeMs } = identity;
    for (const value of [mode, dev, ino, sizeBytes, mtimeMs, ctimeMs]) numbers[at++] = value;
  }
  return hash.update(numbers).digest("hex");
}

function tickOf(ctimeMs: number): number {
  return Number.isInteger(ctimeMs / 1000) ? COARSE_TICK_MS : TICK_MS;
}
