import fc from "fast-check";
import { expect, test } from "vitest";
import { formatManifest, parseManifest } from "../../../src/seed/manifest.js";
import type { SeedEntry } from "../../../src/seed/seed.js";

const name = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString("latin1").replaceAll("\0", "x"));
const mode = fc.nat(0o777);
const mtime = fc.nat(4_000_000_000);

const entry: fc.Arbitrary<SeedEntry> = fc.oneof(
  fc.record({
    type: fc.constant("file" as const),
    path: name,
    mode,
    mtime,
    sizeBytes: fc.maxSafeNat(),
    offset: fc.option(fc.maxSafeNat(), { nil: undefined }),
  }),
  fc.record({ type: fc.constant("directory" as const), path: name, mode, mtime }),
  fc.record({ type: fc.constant("symlink" as const), path: name, target: name, mtime }),
  fc.record({ type: fc.constant("hard_link" as const), path: name, existingPath: name }),
);

test("every entry comes back from a manifest as it was, whatever bytes its name has", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect(parseManifest(formatManifest(entries))).toEqual(entries);
    }),
  );
});

test("a manifest that was cut off, or is none, is refused", () => {
  const manifest = formatManifest([{ type: "directory", path: "a", mode: 0o755, mtime: 1 }]);
  expect(() => parseManifest(manifest.subarray(0, -1))).toThrow("no manifest");
  expect(() => parseManifest(manifest.subarray(0, manifest.indexOf("D")))).not.toThrow();
  expect(() => parseManifest(Buffer.from("pyro-seed-manifest 2\0"))).toThrow("no manifest");
  expect(() => parseManifest(Buffer.from("pyro-seed-manifest 1\0D 755 1\0"))).toThrow("without a path");
  expect(() => parseManifest(Buffer.from("pyro-seed-manifest 1\0X\0a\0"))).toThrow("unknown type");
});
