// What was left out, and why.

import { statusLine } from "../lines.js";

export function formatSkipped(
  skipped: readonly { readonly path: string; readonly reason: string }[],
  count: number,
): string {
  const lines = skipped.map(({ path, reason }) => statusLine("skipped", { path, reason }));
  const more = count > skipped.length ? statusLine("skipped", { more: count - skipped.length }) : "";
  return lines.join("") + more;
}
