import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { READ_MAX_BYTES } from "../../../../src/contract/limits.js";
import { readFile, type FileText } from "../../../../src/workspace/files/read-file.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const { signal } = new AbortController();

async function makeReader(content: string | Uint8Array) {
  const root = await makeTempDirectory();
  await writeFile(path.join(root, "file"), content);
  const files = new DirectoryFiles(root);
  return (offset = 0, maxBytes: number = READ_MAX_BYTES.default): Promise<FileText> =>
    readFile({ files, path: "file", offset, maxBytes, signal });
}

test("a file is read as text, with where it is and how long", async () => {
  const read = await makeReader("hello\n");
  expect(await read()).toEqual({
    path: "/workspace/file",
    sizeBytes: 6,
    offset: 0,
    maxBytes: 65_536,
    content: "hello\n",
    truncated: false,
    nextOffset: null,
  });
});

test("an empty file is text, and so is what lies beyond the end", async () => {
  expect(await (await makeReader(""))()).toMatchObject({ content: "", truncated: false, nextOffset: null });
  expect(await (await makeReader("abc"))(100)).toMatchObject({ content: "", offset: 100, truncated: false });
});

test("a byte order mark, tabs, escapes and carriage returns are text", async () => {
  const text = "\ufeffa\tb\x1b[1m\r\n\f";
  expect(await (await makeReader(text))()).toMatchObject({ content: text });
});

test("reading on from where a piece ended gives the whole text, however small the pieces", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom("a", "\n", "ł", "€", "😀"), maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (text, maxBytes) => {
        const read = await makeReader(text);
        let whole = "";
        for (let offset: number | null = 0; offset !== null;) {
          const piece: FileText = await read(offset, maxBytes);
          expect(piece.offset).toBe(offset);
          expect(Buffer.byteLength(piece.content)).toBeLessThanOrEqual(Math.max(maxBytes, 4));
          expect(piece.truncated).toBe(piece.nextOffset !== null);
          whole += piece.content;
          offset = piece.nextOffset;
        }
        expect(whole).toBe(text);
      },
    ),
    { numRuns: 60 },
  );
});

test("a piece that begins inside of a character begins with the next one", async () => {
  const read = await makeReader("€uro");
  expect(await read(1, 100)).toMatchObject({ offset: 3, content: "uro" });
  expect(await read(2, 100)).toMatchObject({ offset: 3, content: "uro" });
});

test.each([
  ["\x7fELF\x02\x01\x01\0", "an ELF program or library"],
  ["\x89PNG\r\n\x1a\n\0", "a PNG image"],
  ["\x1f\x8b\x08\0", "gzip data"],
  ["PK\x03\x04\x14\0", "a zip archive"],
  ["SQLite format 3\0", "an SQLite database"],
  ["\xff\xfea\0", "text in UTF-16"],
  [`${"x".repeat(156)}0${"\0".repeat(100)}ustar\0`, "a tar archive"],
  ["caf\xe9", "binary data"],
  ["a\0b", "binary data"],
  ["truncated \xe2\x82", "binary data"],
])("%j is no text, and the error says what it looks like", async (content, looksLike) => {
  const read = await makeReader(Buffer.from(content, "latin1"));
  await expect(read()).rejects.toMatchObject({
    code: "not_text",
    message: `/workspace/file is no UTF-8 text: it looks like ${looksLike}`,
    hint: "Get it out with `pyro workspace export ID /workspace/file --output FILE`.",
  });
});

test("the middle of a file that is no text is named by its start", async () => {
  const read = await makeReader(Buffer.from(`\x1f\x8b${"\xff".repeat(1000)}`, "latin1"));
  await expect(read(500, 100)).rejects.toMatchObject({ details: { looks_like: "gzip data" } });
});

test("a directory is not read", async () => {
  const root = await makeTempDirectory();
  await mkdir(path.join(root, "src"));
  const files = new DirectoryFiles(root);
  for (const [asked, shown] of [
    ["src", "/workspace/src"],
    [".", "/workspace"],
  ] as const) {
    await expect(readFile({ files, path: asked, offset: 0, maxBytes: 10, signal })).rejects.toMatchObject({
      code: "invalid_input",
      message: `${shown} is a directory`,
    });
  }
  await expect(readFile({ files, path: "no", offset: 0, maxBytes: 10, signal })).rejects.toMatchObject({
    code: "path_not_found",
  });
});
