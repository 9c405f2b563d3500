import {
  appendFile,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { DeferredFile } from "../../../src/seed/seed.js";
import { failureOf } from "../../helpers/failure-of.js";
import { git, makeRepository } from "./git/git-fixture.js";
import { writeArchive } from "./archive/archive-fixture.js";
import { entryAt, makeSeedFixture, readDeferred, run, unpack } from "./seed-fixture.js";

const KIB = 1024;
const TAR_BUDGET = { tarBudgetBytes: 256 * KIB };

function only(files: readonly DeferredFile[]): DeferredFile {
  const [file, ...more] = files;
  if (!file || more.length > 0) throw new Error(`${files.length} files are deferred`);
  return file;
}

test("a file that is too large for the tar comes later, piece by piece", async () => {
  const { project, freeze, store } = await makeSeedFixture(TAR_BUDGET);
  const content = Buffer.from("0123456789abcdef".repeat(16 * KIB));
  await writeFile(path.join(project, "large"), content, { mode: 0o755 });
  await writeFile(path.join(project, "small"), "x");
  const frozen = await freeze();
  const file = only(frozen.deferred);
  expect(file.entry).toMatchObject({
    path: "large",
    sizeBytes: content.length,
    mode: 0o755,
    offset: undefined,
  });
  expect(entryAt(frozen.seed, "large")).toEqual(file.entry);
  expect(frozen.seed.contentBytes).toBe(content.length + 1);
  expect(await run("/", "tar", "--list", "--file", frozen.seed.tarPath)).not.toContain("large");
  expect((await readDeferred(file)).equals(content)).toBe(true);
  await expect(store.readContent(frozen.seed, file.entry)).rejects.toThrow("large is not in the seed's tar");
});

test("of files that are too large together the largest come later", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  for (const [name, kib] of Object.entries({ a: 60, b: 100, c: 50, d: 120, e: 0 })) {
    await writeFile(path.join(project, name), Buffer.alloc(kib * KIB, 1));
  }
  const { deferred } = await freeze();
  expect(deferred.map(({ entry }) => entry.path)).toEqual(["d"]);
});

test("holes and zeros are not read out", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  const handle = await open(path.join(project, "sparse"), "w");
  await handle.truncate(64 * KIB * KIB);
  await handle.write("here", 5 * KIB * KIB + 3);
  await handle.write("end", 64 * KIB * KIB - 3);
  await handle.close();
  const file = only((await freeze()).deferred);
  const pieces = [];
  for await (const { offset, bytes } of file.read()) {
    expect(bytes.length).toBeLessThanOrEqual(1024 * KIB);
    pieces.push([offset, bytes.length]);
  }
  expect(pieces).toEqual([
    [5 * KIB * KIB, 64 * KIB],
    [64 * KIB * KIB - 64 * KIB, 64 * KIB],
  ]);
  expect((await readDeferred(file)).subarray(5 * KIB * KIB + 3, 5 * KIB * KIB + 7).toString()).toBe("here");
});

test("other names of a deferred file come with it", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "b"), Buffer.alloc(200 * KIB, 1));
  await link(path.join(project, "b"), path.join(project, "a"));
  await link(path.join(project, "b"), path.join(project, "c"));
  const frozen = await freeze();
  expect(only(frozen.deferred)).toMatchObject({ entry: { path: "a" }, links: ["b", "c"] });
  expect(entryAt(frozen.seed, "c")).toEqual({ type: "hard_link", path: "c", existingPath: "a" });
  expect(await run("/", "tar", "--list", "--file", frozen.seed.tarPath)).toBe("./\n./workspace/\n");
  await unpack(frozen);
});

test("a seed that is known gives its deferred files again", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "large"), Buffer.alloc(200 * KIB, 7));
  await freeze();
  const again = await freeze();
  expect(again.reused).toBe(true);
  expect((await readDeferred(only(again.deferred))).equals(Buffer.alloc(200 * KIB, 7))).toBe(true);
});

test("a project that was renamed gives its deferred files from where they are", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "large"), Buffer.alloc(200 * KIB, 7));
  const { seed } = await freeze();
  await rename(project, `${project}-renamed`);
  const renamed = await freeze(`${project}-renamed`);
  expect(renamed.seed.digest).toBe(seed.digest);
  await readDeferred(only(renamed.deferred));
  const again = await freeze(`${project}-renamed`);
  await readDeferred(only(again.deferred));
});

test.each<[string, (file: string) => Promise<unknown>]>([
  ["longer", (file) => appendFile(file, "x")],
  ["shorter", (file) => truncate(file, 5)],
  ["gone", (file) => rm(file)],
  [
    "another one",
    (file) => writeFile(`${file}.new`, Buffer.alloc(200 * KIB)).then(() => rename(`${file}.new`, file)),
  ],
  ["a link", (file) => rename(file, `${file}.old`).then(() => run("/", "ln", "-s", `${file}.old`, file))],
  ["a FIFO", (file) => rm(file).then(() => run("/", "mkfifo", file))],
  ["touched", (file) => utimes(file, new Date(0), new Date(0))],
])("a deferred file that is %s when it is read fails", async (_, change) => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "large"), Buffer.alloc(200 * KIB, 7));
  const { deferred } = await freeze();
  await change(path.join(project, "large"));
  const failure = await failureOf(readDeferred(only(deferred)));
  expect(failure.code).toBe("conflict");
  expect(failure.message).toContain("large changed");
});

test("a deferred file that changes between its pieces fails", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "large"), Buffer.alloc(3 * 1024 * KIB, 7));
  const { deferred } = await freeze();
  const reading = (async () => {
    for await (const { offset } of only(deferred).read()) {
      if (offset === 0) await utimes(path.join(project, "large"), new Date(0), new Date(0));
    }
  })();
  expect(await failureOf(reading)).toMatchObject({ code: "conflict" });
});

test("large members of an archive are kept beside the tar", async () => {
  const { directory, freeze } = await makeSeedFixture(TAR_BUDGET);
  const content = Buffer.from("0123456789abcdef".repeat(16 * KIB));
  const file = await writeArchive(directory, [
    { name: "before", content: "1" },
    { name: "large", content },
    { name: "zeros", content: Buffer.alloc(512 * KIB) },
    { name: "after", content: "2" },
  ]);
  const { seed, deferred } = await freeze(file);
  expect(deferred.map(({ entry }) => entry.path)).toEqual(["large", "zeros"]);
  await rm(file);
  const [large, zeros] = deferred;
  if (!large || !zeros) throw new Error("nothing is deferred");
  expect((await readDeferred(large)).equals(content)).toBe(true);
  expect((await readDeferred(zeros)).equals(Buffer.alloc(512 * KIB))).toBe(true);
  const spool = await stat(path.join(path.dirname(seed.tarPath), "spool"));
  expect(spool.blocks * 512).toBeLessThan(spool.size);
});

test("two archives that differ in a deferred member only are two seeds", async () => {
  const { directory, freeze } = await makeSeedFixture(TAR_BUDGET);
  const [one, two] = await Promise.all(
    [1, 2].map((byte) =>
      writeArchive(
        directory,
        [{ name: "large", content: Buffer.alloc(200 * KIB, byte), mtime: new Date(0) }],
        `${byte}.tar`,
      ),
    ),
  );
  expect((await freeze(one)).seed.digest).not.toBe((await freeze(two)).seed.digest);
});

test("a pack that is too large for the tar comes later", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  const noise = Array.from({ length: 40_000 }, (_, index) =>
    Math.imul(index + 7, 0x9e3779b1).toString(36),
  ).join("\n");
  await makeRepository(project, { noise, small: "x" });
  await rm(path.join(project, "noise"));
  const frozen = await freeze();
  const file = only(frozen.deferred);
  expect(file.entry.path).toMatch(/^\.git\/objects\/pack\/pack-[0-9a-f]{40}\.pack$/);
  const workspace = await unpack(frozen);
  await writeFile(path.join(workspace, file.entry.path), await readDeferred(file));
  expect(await git(workspace, "show", "HEAD:noise")).toBe(noise);
  const again = await freeze();
  expect(
    (await readDeferred(only(again.deferred))).equals(await readFile(path.join(workspace, file.entry.path))),
  ).toBe(true);
  await mkdir(path.join(project, "more"));
});

test("reading stops when it is cancelled", async () => {
  const { project, freeze } = await makeSeedFixture(TAR_BUDGET);
  await writeFile(path.join(project, "large"), Buffer.alloc(3 * 1024 * KIB, 7));
  const { deferred } = await freeze();
  const abort = new AbortController();
  const reading = (async () => {
    for await (const _ of only(deferred).read(abort.signal)) abort.abort();
  })();
  await expect(reading).rejects.toThrow(/abort/i);
});
