import fc from "fast-check";
import { expect, test } from "vitest";
import { formatListing, parseListing } from "../../../src/environment/listing.js";
import type { TreeEntry } from "../../../src/environment/tree-entry.js";

const bytePath = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const entry: fc.Arbitrary<TreeEntry> = fc.record({
  path: bytePath,
  type: fc.constantFrom("file", "directory", "link", "other"),
  sizeBytes: fc.nat(),
  mode: fc.nat({ max: 0o7777 }),
  mtimeMs: fc.integer(),
});

test("any names, newlines and broken UTF-8 among them, come back as they were", () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (entries) => {
      expect(parseListing(formatListing(entries))).toEqual(entries);
    }),
  );
});

test("a line is plain ASCII", () => {
  const odd: TreeEntry = {
    path: "a b\n%\xff",
    type: "file",
    sizeBytes: 3,
    mode: 0o4755,
    mtimeMs: 1700000000123,
  };
  expect(formatListing([odd])).toBe("f 3 4755 1700000000123 a%20b%0a%25%ff\n");
});

test("a listing that was cut off or changed is refused as a whole", () => {
  const text = formatListing([
    { path: "", type: "directory", sizeBytes: 0, mode: 0o755, mtimeMs: 1 },
    { path: "a", type: "file", sizeBytes: 7, mode: 0o644, mtimeMs: 2 },
  ]);
  expect(parseListing(text)).toHaveLength(2);
  expect(parseListing(text.slice(0, -1))).toBeUndefined();
  expect(parseListing(text.replace("f 7", "x 7"))).toBeUndefined();
  expect(parseListing(text.replace("f 7", "f -7"))).toBeUndefined();
  expect(parseListing(text.replace("\n", "\n\n"))).toBeUndefined();
  expect(parseListing("")).toBeUndefined();
});

test("whatever the file holds, reading it does not throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseListing(text)));
});
