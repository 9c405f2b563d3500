import fc from "fast-check";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type FreshIndexEntry, formatIndex } from "../../../../src/seed/git/format-index.js";
import { parseIndex } from "../../../../src/seed/git/index-file.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { git, makeRepository, writeFiles } from "./git-fixture.js";

const SHA1_BYTES = 20;

const entry: fc.Arbitrary<FreshIndexEntry> = fc.record({
  path: fc
    .uint8Array({ minLength: 1, maxLength: 30 })
    .map((bytes) => Buffer.from(bytes).toString("latin1").replaceAll("\0", "x")),
  mode: fc.constantFrom(0o100644, 0o100755, 0o120000, 0o160000),
  objectId: fc
    .uint8Array({ minLength: SHA1_BYTES, maxLength: SHA1_BYTES })
    .map((bytes) => Buffer.from(bytes)),
  flags: fc.constantFrom(0, 0x8000, 0x1000, 0x3000),
  extendedFlags: fc.constantFrom(0, 0x4000, 0x2000),
  stat: fc.option(fc.record({ mtimeSeconds: fc.nat(2 ** 31), sizeBytes: fc.nat(2 ** 31) }), {
    nil: undefined,
  }),
});

test("what was written into an index is read from it", () => {
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 20 }),
      fc.option(fc.uint8Array(), { nil: undefined }),
      (entries, tree) => {
        const cacheTree = tree && Buffer.from(tree);
        const index = parseIndex(formatIndex({ entries, cacheTree }, "sha1"), "sha1");
        expect(index.extensions.get("TREE")).toEqual(cacheTree);
        expect(index.entries.map(withoutStat)).toEqual(entries.map(withoutStat));
        expect(index.entries.map(({ stat }) => [stat.mtimeSeconds, stat.sizeBytes])).toEqual(
          entries.map(({ stat }) => [stat?.mtimeSeconds ?? 0, stat?.sizeBytes ?? 0]),
        );
      },
    ),
  );
});

test.each(["2", "4"])("an index of git's own, version %s, is read as git reads it", async (version) => {
  const directory = await makeTempDirectory();
  const names = ["a", "a.b", "a/b", "a/c/d", "long/".repeat(60) + "end", "zz"];
  await makeRepository(directory, Object.fromEntries(names.map((name) => [name.replace(/^a$/, "a0"), name])));
  await git(directory, "update-index", "--index-version", version);
  const { entries, extensions } = parseIndex(await readFile(path.join(directory, ".git", "index")), "sha1");
  const staged = (await git(directory, "ls-files", "--stage", "-z")).split("\0").slice(0, -1);
  expect(
    entries.map(
      ({ mode, objectId, path: name }) => `${mode.toString(8)} ${objectId.toString("hex")} 0\t${name}`,
    ),
  ).toEqual(staged);
  expect([...extensions.keys()]).toContain("TREE");
});

test("any bytes are an index or a RangeError", async () => {
  const directory = await makeTempDirectory();
  await makeRepository(directory);
  await writeFiles(directory, { more: "" });
  await git(directory, "add", "--intent-to-add", "more");
  await git(directory, "update-index", "--index-version", "4");
  const sound = await readFile(path.join(directory, ".git", "index"));
  // Without a sum every change gets through to the entries.
  sound.fill(0, sound.length - SHA1_BYTES);
  const changes = fc.array(fc.tuple(fc.nat(sound.length - SHA1_BYTES - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(changes, fc.nat(sound.length), (bytes, length) => {
      const damaged = Buffer.from(sound);
      for (const [at, value] of bytes) damaged[at] = value;
      for (const candidate of [damaged, damaged.subarray(0, length)]) {
        try {
          parseIndex(candidate, "sha1");
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

function withoutStat({ path: name, mode, objectId, flags, extendedFlags }: Omit<FreshIndexEntry, "stat">) {
  return { name, mode, objectId: objectId.toString("hex"), flags, extendedFlags };
}
