// Untrusted text on its way to a terminal or a model: nothing in it may move the cursor, reprogram the terminal, or
// make text read differently from what it is.

// C0 controls but tab and newline, DEL, C1 controls, bidirectional controls, zero-width and tag characters.
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** Shows each unsafe character as a visible escape, such as `\x1b`. A carriage return before a newline stays. */
export function neutralise(text: string): string {
  return text.replaceAll(UNSAFE, (character, offset: number) =>
    character === "\r" && text[offset + 1] === "\n" ? character : visible(character),
  );
}

/** The same inside a JSON document, where an escape means the character itself: nothing is lost. */
export function escapeUnsafe(json: string): string {
  return json.replaceAll(UNSAFE, (character) => {
    return Array.from({ length: character.length }, (_, index) =>
      unicodeEscape(character.charCodeAt(index)),
    ).join("");
  });
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
