import path from "node:path";
import { expect, test } from "vitest";
import {
  environmentSlug,
  installPath,
  lockPath,
  parseCacheName,
  partialPath,
  pointerPath,
  removingPath,
} from "../../../src/environment/cache-names.js";
import { CATALOGUE } from "../../../src/environment/catalogue.js";

const DIGEST = `sha256:${"0123456789ab".repeat(6).slice(0, 64)}`;

test("every name says what it is and whose", () => {
  for (const { name } of CATALOGUE) {
    const slug = environmentSlug(name);
    expect(parseCacheName(path.basename(installPath("/c", slug, DIGEST, 1)))).toEqual({
      kind: "install",
      slug,
    });
    expect(parseCacheName(path.basename(installPath("/c", slug, DIGEST, 12)))).toEqual({
      kind: "install",
      slug,
    });
    expect(parseCacheName(path.basename(partialPath("/c", slug)))).toEqual({ kind: "partial", slug });
    expect(parseCacheName(path.basename(pointerPath("/c", slug)))).toBeUndefined();
    expect(parseCacheName(path.basename(lockPath("/c", slug)))).toBeUndefined();
  }
  expect(parseCacheName(path.basename(removingPath("/c")))).toEqual({ kind: "removing" });
  expect(installPath("/c", "debian-12", DIGEST, 2)).toBe("/c/debian-12-0123456789ab-2");
});

test.each(["Documents", "debian-12-backup", ".ssh", "my-project-2024", "..", ""])(
  "what is not ours stays nobody's: %s",
  (name) => {
    expect(parseCacheName(name)).toBeUndefined();
  },
);
