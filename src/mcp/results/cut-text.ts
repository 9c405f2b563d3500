// Makes a text shorter: its beginning and its end, or its beginning alone. Pure.

export interface CutText {
  readonly text: string;
  /** What is kept of its beginning. */
  readonly head: string;
  /** Characters of the original that are kept. */
  readonly kept: number;
}

/** A cut goes to the end of a line when one is in this part of what may stay. */
const LINE_SEARCH = 0.25;

/** At most `max` characters of `text` and a line that says how many are missing. */
export function cutMiddle(text: string, max: number): CutText {
  const head = cutEnd(text, Math.ceil(max / 2));
  const tail = cutStart(text, Math.floor(max / 2));
  const kept = head.length + tail.length;
  const around = head === "" || head.endsWith("\n") ? "" : "\n";
  return { text: `${head}${around}[… ${text.length - kept} characters left out …]\n${tail}`, head, kept };
}

/** The first `max` characters at most. */
export function cutEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  const lineEnd = text.lastIndexOf("\n", max - 1) + 1;
  if (lineEnd > max * (1 - LINE_SEARCH)) return text.slice(0, lineEnd);
  return text.slice(0, isInsidePair(text, max) ? max - 1 : max);
}

function cutStart(text: string, max: number): string {
  const start = text.length - max;
  const lineStart = text.indexOf("\n", start - 1) + 1;
  if (lineStart > 0 && lineStart < start + max * LINE_SEARCH) return text.slice(lineStart);
  return text.slice(isInsidePair(text, start) ? start + 1 : start);
}

/** Whether a cut at `index` would leave half of a character. */
function isInsidePair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
