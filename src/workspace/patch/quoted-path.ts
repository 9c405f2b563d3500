// File names in git's patches: bytes that are no plain ASCII are escaped as in C, and the name stands in quotes.

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\x07", "a"],
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\v", "v"],
  ["\f", "f"],
  ["\r", "r"],
  ['"', '"'],
  ["\\", "\\"],
]);
const UNESCAPES: ReadonlyMap<string, string> = new Map(Array.from(ESCAPES, ([byte, name]) => [name, byte]));
const QUOTED = /^"((?:[^"\\]|\\[abtnvfr"\\]|\\[0-3][0-7]{2})*)"/;

/** As git writes it with core.quotePath: plain when it is plain. */
export function quotePath(bytePath: string): string {
  return /^[ !#-[\]-~]*$/.test(bytePath) ? bytePath : quoteAlways(bytePath);
}

export function quoteAlways(bytePath: string): string {
  const escaped = bytePath.replace(/[^ !#-[\]-~]/g, (byte) => {
    return `\\${ESCAPES.get(byte) ?? byte.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  return `"${escaped}"`;
}

/** The quoted name that `text` begins with, and what stands behind it; undefined when there is none. */
export function parseQuotedPath(text: string): { readonly path: string; readonly rest: string } | undefined {
  const [whole, escaped] = QUOTED.exec(text) ?? [];
  if (whole === undefined || escaped === undefined) return undefined;
  const path = escaped.replace(/\\([0-7]{3}|.)/g, (_, code: string) => {
    return UNESCAPES.get(code) ?? String.fromCharCode(parseInt(code, 8));
  });
  return { path, rest: text.slice(whole.length) };
}
