// One line of git's base 85: a character for the count of bytes, then five characters for each four bytes.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const VALUES: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (character, value) => [character, value]),
);
const LINE = /^([A-Za-z])((?:[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{5}){1,13})$/;
const WORD_MAX = 0xffffffff;

/** Undefined: it is no such line. */
export function decodeBase85Line(line: string): Buffer | undefined {
  const [, count, digits] = LINE.exec(line) ?? [];
  if (count === undefined || digits === undefined) return undefined;
  const sizeBytes = count <= "Z" ? count.charCodeAt(0) - 64 : count.charCodeAt(0) - 96 + 26;
  if (Math.ceil(sizeBytes / 4) * 5 !== digits.length) return undefined;
  const bytes = Buffer.alloc((digits.length / 5) * 4);
  for (let at = 0; at < digits.length; at += 5) {
    let word = 0;
    for (const digit of digits.slice(at, at + 5)) word = word * 85 + (VALUES.get(digit) ?? 0);
    if (word > WORD_MAX) return undefined;
    bytes.writeUInt32BE(word, (at / 5) * 4);
  }
  return bytes.subarray(0, sizeBytes);
}
