import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "../../../src/client/read-lines.js";

async function collect(chunks: Iterable<unknown>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line);
  return lines;
}

/** Cuts bytes into pieces of the given sizes, the rest last. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return [...chunks, bytes.subarray(start)].filter((chunk) => chunk.length > 0);
}

test("lines come whole wherever the bytes are cut, inside characters too", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  const sizes = fc.array(fc.integer({ min: 1, max: 8 }));
  await fc.assert(
    fc.asyncProperty(fc.array(line), sizes, async (lines, pieces) => {
      const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""));
      expect(await collect(cut(bytes, pieces))).toEqual(lines);
    }),
  );
});

test("the last line counts although it has no newline; an empty stream has none", async () => {
  expect(await collect([Buffer.from("one\nlast")])).toEqual(["one", "last"]);
  expect(await collect([Buffer.from("one\n\n")])).toEqual(["one", ""]);
  expect(await collect([])).toEqual([]);
});

test("a long line in many chunks is joined once: its time grows with its length, not its square", async () => {
  const chunks = Array.from({ length: 10_000 }, () => Buffer.alloc(1024, "x"));
  const [line] = await collect([...chunks, Buffer.from("\n")]);
  expect(line?.length).toBe(10_000 * 1024);
});

test("lines are given as they come, before the stream has ended", async () => {
  const stream = new Readable({ read: () => undefined });
  stream.push("first\nsec");
  const lines = readLines(stream);
  expect(await lines.next()).toEqual({ done: false, value: "first" });
  stream.push("ond\n");
  expect(await lines.next()).toEqual({ done: false, value: "second" });
  await lines.return(undefined);
  expect(stream.destroyed).toBe(true);
});

test("a failure of the stream reaches the reader", async () => {
  function* fail() {
    yield Buffer.from("one\n");
    throw new Error("lost");
  }
  await expect(collect(fail())).rejects.toThrow("lost");
});

test("a stream of text is refused", async () => {
  await expect(collect(["text\n"])).rejects.toThrow(TypeError);
});
