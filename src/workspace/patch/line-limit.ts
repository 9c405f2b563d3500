// How many lines a text may have that is taken apart: each takes much more memory than its bytes.

export const LINES_MAX = 4_000_000;

export function hasTooManyLines(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && count <= LINES_MAX; at = text.indexOf("\n", at + 1)) count++;
  return count > LINES_MAX;
}
