// "Did you mean": the known name that a mistyped one is nearest to.

/** Mistakes that a suggestion may repair: more of them are another word. */
const MAX_DISTANCE = 3;

/** The nearest of `known` by edit distance; undefined when none is near. Letter case counts for nothing. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let nearestDistance = MAX_DISTANCE + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate);
    if (distance < nearestDistance) [nearest, nearestDistance] = [candidate, distance];
  }
  return nearest;
}

/** Levenshtein's distance: insertions, deletions and substitutions. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, fromCharacter] of from.split(/(?:)/u).entries()) {
    const current = [row + 1];
    for (const [column, toCharacter] of to.split(/(?:)/u).entries()) {
      const substitution = (previous[column] ?? 0) + (fromCharacter === toCharacter ? 0 : 1);
      current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
