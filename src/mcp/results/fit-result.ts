// Brings a result to the size that a model is shown: structured content and text with the same facts, neither longer
// than the budget.

import type { OperationId } from "../../operations/registry.js";
import type { JsonObject } from "../json.js";
import { countBytes, LONG_RESULTS, OTHER_RESULT, type Call, type LongResult } from "./long-results.js";
import { renderText } from "./render-text.js";
import { shorten, type Caps, type Cut, type Shape } from "./shorten.js";

/** Characters of the text, and of the structured content as JSON. */
export const RESULT_MAX_CHARACTERS = 10_000;

/** Each item and each text gets this much before anything gets more. */
const LEAST: Caps = { items: 1, characters: 100 };
/** More cannot fit: an item takes some 20 characters, an array longer than this is cut before it is measured. */
const MOST: Caps = { items: RESULT_MAX_CHARACTERS / 20, characters: RESULT_MAX_CHARACTERS };
/** What was left out is told field by field, for this many. */
const TOLD_CUTS_MAX = 6;

export interface FittedResult {
  readonly structured: JsonObject;
  readonly text: string;
}

export function fitResult(id: OperationId, call: Call): FittedResult {
  const long: LongResult = LONG_RESULTS[id] ?? OTHER_RESULT;
  const fit = (caps: Caps) => present(long, call, caps);
  const whole = fit(MOST);
  if (isShort(whole)) return whole;
  const share = long.textShare ?? LEAST.characters;
  const items = findMost(LEAST.items, MOST.items, (cap) => isShort(fit({ items: cap, characters: share })));
  const characters = findMost(LEAST.characters, MOST.characters, (cap) =>
    isShort(fit({ items, characters: cap })),
  );
  return fit({ items, characters });
}

function isShort({ structured, text }: FittedResult): boolean {
  return text.length <= RESULT_MAX_CHARACTERS && JSON.stringify(structured).length <= RESULT_MAX_CHARACTERS;
}

/** The largest number that fits; what is smaller than one that fits, fits too. */
function findMost(least: number, most: number, fits: (cap: number) => boolean): number {
  let low = least;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function present(long: LongResult, call: Call, caps: Caps): FittedResult {
  const piece = long.piece?.(call);
  const shape: Shape = {
    keepLast: new Set(long.keepLast),
    pieces: new Set(piece ? [piece.field] : []),
  };
  const { value, cuts } = shorten(call.result, caps, shape);
  if (cuts.length === 0) return { structured: value, text: renderText(value) };
  const pieceCut = cuts.find(({ field }) => field === piece?.field);
  if (piece && pieceCut) {
    const { field, measure } = long.next ?? { field: "next_offset", measure: countBytes };
    value[field] = piece.offset + measure(pieceCut.head);
  }
  const structured = { ...value, shortened: tellCuts(cuts, long, call) };
  return { structured, text: renderText(structured) };
}

function tellCuts(cuts: readonly Cut[], long: LongResult, call: Call): JsonObject[] {
  return cuts.slice(0, TOLD_CUTS_MAX).map((cut) => {
    const { field, kept, total, unit } = cut;
    return { field, kept, total, unit, rest: long.rest(cut, call) };
  });
}
