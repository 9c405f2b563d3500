// JSON as `--json` prints it: two spaces, sorted keys, safe to look at.

import { escapeUnsafe } from "../contract/untrusted-text.js";

export function formatJson(value: unknown): string {
  return `${escapeUnsafe(JSON.stringify(sortKeys(value), undefined, 2))}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}
