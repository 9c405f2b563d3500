import fc from "fast-check";
import { expect, test } from "vitest";
import { formatManifest, type InstallManifest, parseManifest } from "../../../src/environment/manifest.js";

const MANIFEST: InstallManifest = {
  name: "debian:12",
  version: "0.1.0",
  recipe: "0123456789abcdef",
  source: "packages",
  mirrors: ["http://deb.debian.org/debian bookworm"],
  digest: `sha256:${"a".repeat(64)}`,
  listingDigest: "b".repeat(64),
  packages: [{ name: "git", version: "1:2.39.5-0+deb12u2", architecture: "amd64" }],
  installedAt: 1_700_000_000,
  sizeBytes: 1234,
  entryCount: 7,
  distribution: { id: "debian", version: "12" },
};

test("a manifest comes back as it was written, its keys in the contract's spelling", () => {
  const text = formatManifest(MANIFEST);
  expect(parseManifest(text)).toEqual(MANIFEST);
  expect(JSON.parse(text)).toMatchObject({ installed_at: 1_700_000_000, size_bytes: 1234, entry_count: 7 });
});

test("a manifest that lacks a part, or holds a wrong one, is none", () => {
  const whole: unknown = JSON.parse(formatManifest(MANIFEST));
  const json = new Map<string, unknown>(Object.entries(whole ?? {}));
  expect(json.size).toBe(12);
  for (const key of json.keys()) {
    // Installs of former versions have no distribution.
    for (const value of [key === "distribution" ? null : undefined, null, -1, {}, ""]) {
      const damaged = JSON.stringify({ ...Object.fromEntries(json), [key]: value });
      expect(parseManifest(damaged), damaged).toBeUndefined();
    }
  }
});

test("a manifest that was cut off or overwritten is none, and reading it does not throw", () => {
  const text = formatManifest(MANIFEST);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 3 }), (length) => {
      expect(parseManifest(text.slice(0, length))).toBeUndefined();
    }),
  );
  fc.assert(fc.property(fc.string(), (other) => void parseManifest(other)));
  fc.assert(fc.property(fc.json(), (other) => void parseManifest(other)));
  expect(parseManifest("\0".repeat(200))).toBeUndefined();
});
