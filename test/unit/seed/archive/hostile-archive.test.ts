import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failureOf } from "../../../helpers/failure-of.js";
import { makeSeedFixture, reasonsOf, run } from "../seed-fixture.js";
import { type ArchiveEntry, writeArchive } from "./archive-fixture.js";

test.each<[string, ArchiveEntry]>([
  ["an absolute name", { name: "/etc/passwd", content: "" }],
  ["a name that climbs", { name: "a/../../b", content: "" }],
  ["a name that only climbs", { name: "..", type: "directory" }],
  ["a name that climbs in an extended header", { name: "x", pax: { path: "a/../../b" } }],
  ["a directory that climbs", { name: "../d/", type: "directory" }],
  ["a link with a name that climbs", { name: "../l", type: "symlink", linkname: "x" }],
  ["a hard link to an absolute name", { name: "a", type: "link", linkname: "/etc/passwd" }],
  ["a hard link that climbs", { name: "a", type: "link", linkname: "../../etc/passwd" }],
])("%s is refused, and named", async (_, entry) => {
  const { directory, freeze, stored } = await makeSeedFixture();
  const failure = await failureOf(
    freeze(await writeArchive(directory, [{ name: "first", content: "x" }, entry])),
  );
  expect(failure.code).toBe("seed_unusable");
  expect(failure.message).toContain("leads out of it");
  expect(await stored()).toEqual([]);
});

test("links may lead anywhere: they are the guest's business", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const file = await writeArchive(directory, [
    { name: "up", type: "symlink", linkname: "../../../etc/passwd" },
    { name: "absolute", type: "symlink", linkname: "/etc/shadow" },
  ]);
  expect((await freeze(file)).seed.entries).toMatchObject([
    { type: "symlink", target: "/etc/shadow" },
    { type: "symlink", target: "../../../etc/passwd" },
  ]);
});

test("an archive that was cut off is refused", async () => {
  const { directory, freeze, stored } = await makeSeedFixture();
  for (const name of ["archive.tar", "archive.tar.gz"]) {
    const file = await writeArchive(directory, [{ name: "a", content: "x".repeat(50_000) }], name);
    await truncate(file, Math.floor((await stat(file)).size / 2));
    const failure = await failureOf(freeze(file));
    expect(failure.code).toBe("seed_unusable");
    expect(failure.message).toContain("no sound tar archive");
  }
  expect(await stored()).toEqual([]);
});

test("what only has the name of an archive is refused", async () => {
  const { directory, freeze } = await makeSeedFixture();
  for (const content of ["text\n".repeat(1000), gzipSync("text"), Buffer.from([0x1f, 0x8b, 0, 0])]) {
    const file = path.join(directory, "not.tar");
    await writeFile(file, content);
    expect(await failureOf(freeze(file))).toMatchObject({ code: "seed_unusable" });
  }
});

test("a bomb is not unpacked: what it announces is enough", async () => {
  const { directory, freeze, stored } = await makeSeedFixture();
  const header = Buffer.from(
    await readFile(await writeArchive(directory, [{ name: "bomb", content: "" }])),
  ).subarray(0, 512);
  // 9 GiB, and the sum of the header with it.
  header.write("110000000000", 124, "latin1");
  header.write("        ", 148, "latin1");
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0") + "\0 ",
    148,
    "latin1",
  );
  const file = path.join(directory, "bomb.tar");
  await writeFile(file, header);
  await appendFile(file, Buffer.alloc(1024 * 1024));
  const failure = await failureOf(freeze(file));
  expect(failure).toMatchObject({ code: "seed_unusable" });
  expect(failure.message).toContain("larger than a guest's disk");
  expect(await stored()).toEqual([]);
});

test("sparse files in GNU's own form are left out, or the archive is refused with what to do", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "holes"), "start");
  await truncate(path.join(project, "holes"), 1024 * 1024);
  await writeFile(path.join(project, "plain"), "x");
  for (const format of ["gnu", "posix"]) {
    const file = path.join(directory, `${format}.tar`);
    await run(project, "tar", "--create", "--sparse", `--format=${format}`, "--file", file, "holes", "plain");
    const { seed } = await freeze(file);
    expect(seed.entries.map((entry) => entry.path)).toEqual(["plain"]);
    expect(Object.keys(reasonsOf(seed))).toHaveLength(1);
  }
});

test("whatever bytes an archive has, it is frozen or refused, and nothing is left of a refused one", async () => {
  const { directory, freeze, stored } = await makeSeedFixture();
  const sound = await readFile(
    await writeArchive(directory, [
      { name: "dir/", type: "directory" },
      { name: `dir/${"long".repeat(40)}`, content: "content" },
      { name: "link", type: "symlink", linkname: "dir" },
      { name: "hard", type: "link", linkname: "dir/file" },
    ]),
  );
  const file = path.join(directory, "fuzzed.tar");
  const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(changes, async (bytes) => {
      const damaged = Buffer.from(sound);
      for (const [at, value] of bytes) damaged[at] = value;
      await writeFile(file, damaged);
      const refused = await freeze(file).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refused !== undefined) expect(refused).toMatchObject({ code: "seed_unusable" });
      expect((await stored()).filter((name) => name.startsWith("."))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
