import { chmod, link, mkdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { entryAt, filesOf, makeSeedFixture, pathsOf, reasonsOf, run, unpack } from "../seed-fixture.js";
import { writeArchive } from "./archive-fixture.js";

async function makeTree(directory: string): Promise<void> {
  await mkdir(path.join(directory, "empty"));
  await mkdir(path.join(directory, "deep", "er"), { recursive: true });
  await writeFile(path.join(directory, "file"), "content\n");
  await writeFile(path.join(directory, "deep", "er", "tool"), "#!/bin/sh\n", { mode: 0o755 });
  await symlink("/absolute", path.join(directory, "absolute"));
  await symlink("deep/er/tool", path.join(directory, "relative"));
  await link(path.join(directory, "file"), path.join(directory, "z-other-name"));
  await writeFile(path.join(directory, "l".repeat(150)), "long name");
  await writeFile(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0xe9])]), "not UTF-8");
  const time = new Date("2024-02-03T04:05:06Z");
  await utimes(path.join(directory, "file"), time, time);
}

test.each([
  ["seed.tar", ["--format=gnu"]],
  ["seed.tar", ["--format=ustar", "--exclude=l*"]],
  ["seed.tar.gz", ["--gzip", "--format=gnu"]],
  ["seed.tgz", ["--gzip", "--format=gnu"]],
  ["seed.tar", ["--format=oldgnu"]],
])("an archive %s made with %s unpacks to what tar itself unpacks", async (name, flags) => {
  const { project, directory, freeze } = await makeSeedFixture();
  await makeTree(project);
  const file = path.join(directory, name);
  await run(project, "tar", "--create", ...flags, "--file", file, ".");
  const frozen = await freeze(file);
  expect(frozen.seed.origin).toEqual({ mode: "tar_archive", kind: "archive", ref: undefined, path: file });
  const expected = path.join(directory, "expected");
  await mkdir(expected);
  await run(expected, "tar", "--extract", "--file", file);
  const unpacked = await unpack(frozen);
  expect(await run("/", "diff", "-r", "--no-dereference", expected, unpacked)).toBe("");
  expect((await stat(path.join(unpacked, "file"))).mtime).toEqual(new Date("2024-02-03T04:05:06Z"));
  expect(entryAt(frozen.seed, "z-other-name")).toMatchObject({ type: "hard_link", existingPath: "file" });
  expect(entryAt(frozen.seed, "deep/er/tool")).toMatchObject({ mode: 0o755 });
});

test("names in extended headers are UTF-8; others are left out and listed", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await makeTree(project);
  await writeFile(path.join(project, `grün${"n".repeat(150)}`), "");
  const file = path.join(directory, "seed.tar");
  await run(project, "tar", "--create", "--format=posix", "--file", file, ".");
  const frozen = await freeze(file);
  expect(filesOf(frozen.seed)).toContain(`gr\xc3\xbcn${"n".repeat(150)}`);
  expect(filesOf(frozen.seed)).not.toContain("\xff\xe9");
  expect(Object.values(reasonsOf(frozen.seed))).toEqual(["its name is not UTF-8, in a header that must be"]);
});

test("the magic says whether an archive is gzipped, not its name", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "file"), "x");
  const file = path.join(directory, "really-gzipped.tar");
  await run(project, "tar", "--create", "--gzip", "--file", file, ".");
  expect(filesOf((await freeze(file)).seed)).toEqual(["file"]);
});

test("a single directory at the top stays", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "file"), "");
  const file = path.join(directory, "seed.tar");
  await run(directory, "tar", "--create", "--file", file, "project");
  expect(pathsOf((await freeze(file)).seed)).toEqual(["project", "project/file"]);
});

test("parents that are missing are made, and names are cleaned", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const file = await writeArchive(directory, [
    { name: "a/b//./c", content: "1" },
    { name: "././d/", type: "directory", mode: 0o700 },
    { name: "./", type: "directory", mode: 0o700 },
  ]);
  const { seed } = await freeze(file);
  expect(seed.entries).toMatchObject([
    { type: "directory", path: "a", mode: 0o755 },
    { type: "directory", path: "a/b" },
    { type: "file", path: "a/b/c", sizeBytes: 1 },
    { type: "directory", path: "d", mode: 0o700 },
  ]);
});

test("of several entries with one name the last wins, also where a directory was", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const file = await writeArchive(directory, [
    { name: "twice", content: "first" },
    { name: "alias", type: "link", linkname: "twice" },
    { name: "twice", content: "second" },
    { name: "dir/child", content: "" },
    { name: "dir", content: "now a file" },
    { name: "file", content: "" },
    { name: "file/child", content: "now a directory" },
    { name: "link", type: "symlink", linkname: "/etc" },
    { name: "link/passwd", content: "not through the link" },
  ]);
  const frozen = await freeze(file);
  expect(filesOf(frozen.seed)).toEqual([
    "alias",
    "dir",
    "file",
    "file/child",
    "link",
    "link/passwd",
    "twice",
  ]);
  const unpacked = await unpack(frozen);
  expect(await readFile(path.join(unpacked, "twice"), "utf8")).toBe("second");
  expect(await readFile(path.join(unpacked, "alias"), "utf8")).toBe("first");
  expect(await readFile(path.join(unpacked, "link", "passwd"), "utf8")).toBe("not through the link");
});

test("a hard link to a link is a link to the same place", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const file = await writeArchive(directory, [
    { name: "link", type: "symlink", linkname: "target" },
    { name: "other", type: "link", linkname: "./link" },
  ]);
  expect((await freeze(file)).seed.entries).toMatchObject([
    { type: "symlink", path: "link", target: "target" },
    { type: "symlink", path: "other", target: "target" },
  ]);
});

test("an archive with nothing in it is an empty workspace", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const empty = path.join(directory, "empty.tar");
  await writeFile(empty, "");
  expect((await freeze(empty)).seed.entries).toEqual([]);
  expect((await freeze(await writeArchive(directory, []))).seed.entries).toEqual([]);
});

test("an archive that has not changed is not read again", async () => {
  const { directory, freeze } = await makeSeedFixture();
  const file = await writeArchive(directory, [{ name: "a", content: "1" }]);
  const first = await freeze(file);
  expect(await freeze(file)).toMatchObject({ reused: true, seed: { digest: first.seed.digest } });
  await writeArchive(directory, [{ name: "a", content: "2" }]);
  expect((await freeze(file)).seed.digest).not.toBe(first.seed.digest);
});

test("what a seed cannot hold is left out and listed", async () => {
  const { directory, freeze, project } = await makeSeedFixture();
  await chmod(project, 0o755);
  const file = await writeArchive(directory, [
    { name: "null", type: "character-device" },
    { name: "disk", type: "block-device" },
    { name: "fifo", type: "fifo" },
    { name: "to-nothing", type: "link", linkname: "missing" },
    { name: "sparse", content: "1", pax: { "GNU.sparse.major": "1", "GNU.sparse.minor": "0" } },
    { name: "n".repeat(256), content: "" },
    { name: `${"d/".repeat(2100)}f`, content: "" },
    { name: "setuid", content: "", mode: 0o6755 },
  ]);
  const { seed } = await freeze(file);
  expect(seed.entries).toMatchObject([{ path: "setuid", mode: 0o755 }]);
  expect(Object.values(reasonsOf(seed))).toEqual([
    "a FIFO or device",
    "a FIFO or device",
    "a FIFO or device",
    "a hard link to nothing in the archive",
    "a sparse file in GNU's own form",
    "its name is too long",
    "its name is too long",
  ]);
});
