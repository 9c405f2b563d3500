import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isErrorCode, PyroError } from "../../../../src/contract/errors.js";
import type { FileState } from "../../../../src/workspace/patch/file-state.js";
import { parsePatch } from "../../../../src/workspace/patch/parse-patch.js";
import { planPatch } from "../../../../src/workspace/patch/plan-patch.js";
import { readLiveBytes } from "../../helpers/memory.js";

const PIECES = [
  "diff --git a/x b/x",
  'diff --git "a/x y" "b/x\\303\\251"',
  "diff --git a/b b/c b/b b/c",
  "--- a/x",
  "+++ b/x",
  "--- /dev/null",
  "+++ /dev/null",
  "--- x\t2020-01-01 00:00:00",
  '+++ "b/\\377"',
  "new file mode 100644",
  "new file mode 120000",
  "deleted file mode 100644",
  "old mode 100644",
  "new mode 100755",
  "rename from x",
  "rename to y",
  "copy from x",
  "copy to z",
  "similarity index 90%",
  "index 0000000..e69de29 100644",
  "index e69de29bb2d1d6434b8b29ae775ad8c2e48c5391..0000000000000000000000000000000000000000",
  "@@ -1 +1 @@",
  "@@ -1,2 +1,3 @@ f()",
  "@@ -0,0 +1,9999999999 @@",
  "@@",
  "@@ x",
  "@@ -",
  " x",
  " y",
  "+z",
  "-x",
  "-- ",
  "",
  "\\ No newline at end of file",
  "GIT binary patch",
  "literal 2",
  "literal 99999999999",
  "delta 5",
  "McmV+d0R8_8000&M3jhEB",
  "Binary files a/x and b/x differ",
  "*** Begin Patch",
  "*** Add File: x",
  "*** Add File: n",
  "*** Update File: x",
  "*** Update File: y",
  "*** Move to: z",
  "*** Delete File: x",
  "*** End of File",
  "*** End Patch",
  "```",
  "\0",
  "x\r",
  "\xff",
];
const line = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.string() },
);
const patchText = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom("\n", "\r\n"))
  .map(([each, end]) => {
    return each.join(end);
  });

const file = (content: string): FileState => ({
  type: "file",
  mode: 0o644,
  content: Buffer.from(content, "latin1"),
  sha256: content,
});
const originals: ReadonlyMap<string, FileState> = new Map([
  ["x", file("x\ny\nx\n")],
  ["y", file("")],
  ["z", { type: "symlink", target: "x" }],
]);

/** Only errors of the catalogue come out. */
function tryPatch(patch: string | Uint8Array): void {
  try {
    planPatch(parsePatch(patch), originals);
  } catch (error) {
    if (!(error instanceof PyroError)) throw error;
    expect(["invalid_input", "path_outside_workspace", "patch_rejected"]).toContain(error.code);
    expect(isErrorCode(error.code)).toBe(true);
    expect(JSON.stringify(error.toReport()).length).toBeLessThan(5000);
  }
}

describe("whatever comes as a patch, it is understood or refused", () => {
  test("lines that patches are made of", () => {
    fc.assert(fc.property(patchText, tryPatch), { numRuns: 20_000 });
  }, 60_000);

  test("any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), tryPatch), { numRuns: 5000 });
  }, 60_000);
});

describe("patches that are made to cost much", () => {
  const inFile = (name: string, ...body: string[]) => `--- a/${name}\n+++ b/${name}\n${body.join("\n")}\n`;

  test("many lines that almost match", () => {
    const many = 200_000;
    const lines = Array.from({ length: many / 2 }, () => " a");
    const patch = inFile("big", `@@ -1,${lines.length + 1} +1,${lines.length} @@`, ...lines, "-b");
    const big = new Map([["big", file("a\n".repeat(many))]]);
    expect(() => planPatch(parsePatch(patch), big)).toThrow(/hunk 1/);
  }, 20_000);

  test("many hunks that have to be looked for", () => {
    const hunks = Array.from({ length: 20_000 }, (_, index) => `@@ -1 +1 @@\n-${index}\n+x`);
    const content = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join("");
    const big = new Map([["big", file(content)]]);
    expect(() => planPatch(parsePatch(inFile("big", ...hunks)), big)).toThrow(/too much searching/);
  }, 60_000);

  test("many hunks that fit at many places before others", () => {
    const hunks = Array.from({ length: 2000 }, () => "@@ -1,3 +1,3 @@\n a\n-a\n+b\n a");
    const big = new Map([["big", file(`${"a\n".repeat(100_000)}z\n`)]]);
    const patch = inFile("big", "@@ -90001,2 +90001,2 @@\n a\n-z\n+y", ...hunks);
    expect(() => planPatch(parsePatch(patch), big)).toThrow(/too much searching/);
  }, 20_000);

  test("lines without end, names without end", () => {
    const spaces = " ".repeat(5_000_000);
    for (const text of [
      `--- a/x${spaces}\n+++ b/x\n`,
      `diff --git ${spaces}x\n`,
      `@@${spaces}`,
      `*** ${spaces}`,
    ]) {
      tryPatch(text);
    }
    tryPatch(`--- a/x\n+++ b/x\n@@ -1 +1,100000 @@\n${"+\n".repeat(100_000)}`);
  }, 20_000);

  test("more lines than fit into memory", () => {
    const before = readLiveBytes();
    expect(() => parsePatch("\n".repeat(60_000_000))).toThrow(/empty/);
    expect(() => parsePatch(`x${"\n".repeat(60_000_000)}`)).toThrow(/more than 4000000 lines/);
    expect(readLiveBytes() - before).toBeLessThan(300_000_000);
  }, 60_000);

  test("binary content that is much larger than it says, or says that it is", () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const section = (size: number) =>
      `diff --git a/n b/n\nnew file mode 100644\nindex 0000000..1234567\nGIT binary patch\nliteral ${size}\n${encode(bomb)}\n\n`;
    expect(() => planPatch(parsePatch(section(10)), originals)).toThrow(/damaged binary content/);
    expect(() => planPatch(parsePatch(section(99_000_000)), originals)).toThrow(/more than 64 MiB/);
  }, 20_000);

  test("a delta that copies one piece again and again", () => {
    // From an old content of 0 bytes to 2^35: more than what is allowed, and nothing of it is made.
    const delta = Buffer.from([0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
    const patch = [
      "diff --git a/y b/y",
      "index e69de29bb2d1d6434b8b29ae775ad8c2e48c5391..1234567 100644",
      "GIT binary patch",
      `delta ${delta.length}`,
      encode(deflateSync(delta)),
      "",
    ].join("\n");
    expect(() => planPatch(parsePatch(patch), originals)).toThrow(/delta is damaged/);
  });
});

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/** Lines of git's base 85. */
function encode(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 52) {
    const piece = bytes.subarray(at, at + 52);
    const padded = Buffer.concat([piece, Buffer.alloc((4 - (piece.length % 4)) % 4)]);
    let digits = "";
    for (let word = 0; word < padded.length; word += 4) {
      let value = padded.readUInt32BE(word);
      let group = "";
      for (let index = 0; index < 5; index++, value = Math.floor(value / 85))
        group = ALPHABET.charAt(value % 85) + group;
      digits += group;
    }
    const count = piece.length <= 26 ? 64 + piece.length : 96 + piece.length - 26;
    lines.push(String.fromCharCode(count) + digits);
  }
  return lines.join("\n");
}
