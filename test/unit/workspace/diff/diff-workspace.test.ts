import { chmod, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { runProcess } from "../../../../src/platform/processes.js";
import type { SeedFile } from "../../../../src/seed/seed.js";
import { readDirectoryBaseline } from "../../../helpers/directory-baseline.js";
import { exists, readTree, TwoTrees } from "./two-trees.js";

test("an unchanged workspace has no entries and an empty patch", async () => {
  const trees = await TwoTrees.write({ "a/b.txt": "x\n" }, { "a/b.txt": "x\n" });
  expect(await trees.diff()).toEqual({
    summary: {
      total: 0,
      added: 0,
      modified: 0,
      deleted: 0,
      typeChanged: 0,
      modeChanged: 0,
      textPatched: 0,
      nonText: 0,
    },
    entries: [],
    ignored: [],
    patch: "",
    patchTruncated: false,
  });
});

test("added, modified and deleted text files are listed, and the patch makes them", async () => {
  const trees = await TwoTrees.write(
    { "gone.txt": "1\n", "src/kept.ts": "same\n", "src/main.ts": "one\ntwo\nthree\n" },
    { "src/kept.ts": "same\n", "src/main.ts": "one\n2\nthree\n", "src/new.ts": "new\n" },
  );
  const { entries, patch, summary } = await trees.diff();
  expect(entries).toMatchObject([
    { path: "gone.txt", status: "deleted", artifactType: "file", oldSizeBytes: 2, sizeBytes: undefined },
    { path: "src/main.ts", status: "modified", artifactType: "file", oldSizeBytes: 14, sizeBytes: 12 },
    { path: "src/new.ts", status: "added", artifactType: "file", oldSizeBytes: undefined, sizeBytes: 4 },
  ]);
  expect(summary).toMatchObject({ total: 3, added: 1, modified: 1, deleted: 1, textPatched: 3, nonText: 0 });
  expect(patch).toContain("diff --git a/src/main.ts b/src/main.ts\n");
  expect(patch).toContain("--- a/src/main.ts\n+++ b/src/main.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
  expect(await trees.applyWithGit(patch)).toEqual(await readTree(trees.workspace));
});

test("hidden files of the content say nothing about how it is compared", async () => {
  const hostile = {
    ".gitattributes": "* -diff binary text eol=crlf diff=evil filter=evil working-tree-encoding=UTF-16\n",
    ".git/info/attributes": "* diff=evil\n",
    ".git/config": '[diff "evil"]\n\ttextconv = touch /tmp/pyro-evil\n\tcommand = touch /tmp/pyro-evil\n',
    ".gitconfig": "[core]\n\tattributesFile = .gitattributes\n",
  };
  const trees = await TwoTrees.write(
    { x: "1\n", "d/.gitattributes": "" },
    { ...hostile, x: "2\n", "d/.gitattributes": "* binary\n" },
  );
  const { patch, entries } = await trees.diff({ includeBinary: true });
  expect(patch).toContain("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n");
  expect(patch).not.toContain("binary patch");
  expect(entries.map(({ path }) => path)).toEqual([".gitattributes", ".gitconfig", "d/.gitattributes", "x"]);
  expect(await exists("/tmp/pyro-evil")).toBe(false);
});

test("binary content is in the entries, and in the patch only when it is asked for", async () => {
  const trees = await TwoTrees.write(
    { image: "\x89PNG\0old", latin: "caf\xe9\n", text: "a\n" },
    { image: "\x89PNG\0new!", latin: "caf\xe8\n", text: "b\n" },
  );
  const plain = await trees.diff();
  expect(plain.entries.map(({ path }) => path)).toEqual(["image", "latin", "text"]);
  expect(plain.summary).toMatchObject({ total: 3, modified: 3, textPatched: 1, nonText: 2 });
  expect(plain.patch).not.toContain("image");
  const whole = await trees.diff({ includeBinary: true });
  expect(whole.patch.match(/GIT binary patch/g)).toHaveLength(2);
  expect(whole.summary).toMatchObject({ textPatched: 3, nonText: 0 });
  expect(await trees.applyWithGit(whole.patch)).toEqual(await readTree(trees.workspace));
});

test("modes: git's own are in the patch, others in the entries only", async () => {
  const trees = await TwoTrees.write({ run: "x\n", secret: "s\n" }, { run: "x\n", secret: "s\n" });
  await chmod(`${trees.workspace}/run`, 0o755);
  await chmod(`${trees.workspace}/secret`, 0o600);
  const { entries, patch, summary } = await trees.diff();
  expect(entries.map(({ path, status }) => [path, status])).toEqual([
    ["run", "mode_changed"],
    ["secret", "mode_changed"],
  ]);
  expect(patch).toBe("diff --git a/run b/run\nold mode 100644\nnew mode 100755\n");
  expect(summary).toMatchObject({ modeChanged: 2, textPatched: 1, nonText: 1 });
});

test("files, links, directories and pipes take each other's place", async () => {
  const link = { type: "symlink", target: "x" } as const;
  const trees = await TwoTrees.write(
    { a: "file\n", b: link, "c/x": "in c\n", d: "file\n", e: "becomes a pipe\n", f: link },
    { a: link, b: "file\n", c: "file\n", "d/y": "in d\n", f: { type: "symlink", target: "y" } },
  );
  await runProcess(["mkfifo", `${trees.workspace}/e`]);
  const { entries, patch, summary } = await trees.diff();
  expect(entries.map(({ path, status, artifactType }) => [path, status, artifactType])).toEqual([
    ["a", "type_changed", "symlink"],
    ["b", "type_changed", "file"],
    ["c", "type_changed", "file"],
    ["c/x", "deleted", "file"],
    ["d", "type_changed", "directory"],
    ["d/y", "added", "file"],
    ["e", "type_changed", "other"],
    ["f", "modified", "symlink"],
  ]);
  expect(summary).toMatchObject({ total: 8, typeChanged: 5, textPatched: 7, nonText: 1 });
  expect(await trees.applyWithGit(patch)).toEqual(await readTree(trees.workspace));
});

test("of directories only empty ones are told, which no patch can make", async () => {
  const empty = { type: "directory" } as const;
  const trees = await TwoTrees.write(
    { gone: empty, kept: empty, filled: empty, "emptied/x": "x\n", "left/x": "x\n" },
    { kept: empty, new: empty, "filled/x": "x\n", emptied: empty, "own/.git/HEAD": "ref\n" },
  );
  const { entries, summary } = await trees.diff();
  expect(entries.map(({ path, status, artifactType }) => [path, status, artifactType])).toEqual([
    ["emptied/x", "deleted", "file"],
    ["filled/x", "added", "file"],
    ["gone", "deleted", "directory"],
    ["left/x", "deleted", "file"],
    ["new", "added", "directory"],
  ]);
  expect(summary).toMatchObject({ textPatched: 3, nonText: 2 });
});

test("a binary file whose place the patch needs is deleted by it", async () => {
  const trees = await TwoTrees.write(
    {
      a: "\0binary",
      "b/x": "\0binary",
      c: "\0binary",
      d: { type: "symlink", target: "\xff" },
      e: "\0stays out",
    },
    { "a/text": "t\n", b: "t\n", c: { type: "symlink", target: "t" }, "d/text": "t\n" },
  );
  const { patch, summary } = await trees.diff();
  expect(patch).toContain("Binary files a/a and /dev/null differ\n");
  expect(await trees.applyWithGit(patch)).toEqual({
    ...(await readTree(trees.workspace)),
    e: { type: "file", content: "\0stays out", executable: false },
  });
  // What was hidden is no less binary for it.
  expect(summary).toMatchObject({ total: 8, textPatched: 3, nonText: 5 });
});

test("what stands in place of a file whose content nobody has is not in the patch", async () => {
  const trees = await TwoTrees.write({ big: "large\n", other: "1\n" }, { "big/text": "t\n", other: "2\n" });
  const { entries, readContent } = await readDirectoryBaseline(trees.seed);
  const deferred = entries.map((entry) =>
    entry.path === "big" && entry.type === "file" ? { ...entry, offset: undefined } : entry,
  );
  const { patch, summary } = await trees.diff({ baseline: { entries: deferred, readContent } });
  expect(Object.keys(await trees.applyWithGit(patch))).toEqual(["big", "other"]);
  expect(summary).toMatchObject({ total: 3, textPatched: 1, nonText: 2 });
});

test("hard links are compared as the files that they are", async () => {
  const trees = await TwoTrees.write({ a: "1\n" }, { a: "1\n", b: "1\n", c: "2\n" });
  const { entries, readContent } = await readDirectoryBaseline(trees.seed);
  const links = ["b", "c"].map((path) => ({ type: "hard_link", path, existingPath: "a" }) as const);
  const diff = await trees.diff({ baseline: { entries: [...entries, ...links], readContent } });
  expect(diff.entries).toMatchObject([
    { path: "c", status: "modified", artifactType: "file", oldSizeBytes: 2, sizeBytes: 2 },
  ]);
  expect(diff.patch).toContain("--- a/c\n+++ b/c\n@@ -1 +1 @@\n-1\n+2\n");
});

test("a patch that becomes too long leaves out whole files, and says so", async () => {
  const trees = await TwoTrees.write({}, { a: "a\n", big: "line\n".repeat(10_000), z: "z\n" });
  const { patch, patchTruncated, entries } = await trees.diff({ maxPatchBytes: 1000 });
  expect(patchTruncated).toBe(true);
  expect(entries).toHaveLength(3);
  expect(Object.keys(await trees.applyWithGit(patch))).toEqual(["a", "z"]);
  expect(await trees.diff({ maxPatchBytes: 0 })).toMatchObject({ patch: "", patchTruncated: true });
  expect(await trees.diff({ includePatch: false })).toMatchObject({ patch: "", patchTruncated: false });
});

test("nothing stays behind, when it is cancelled either", async () => {
  const trees = await TwoTrees.write({ x: "1\n" }, { x: "2\n", y: "line\n".repeat(1_000_000) });
  const before = await readdir(trees.root);
  await trees.diff();
  const cancelling = new AbortController();
  const { entries, readContent } = await readDirectoryBaseline(trees.seed);
  const baseline = {
    entries,
    readContent: (entry: SeedFile) => {
      cancelling.abort();
      return readContent(entry);
    },
  };
  await expect(trees.diff({ baseline, signal: cancelling.signal })).rejects.toThrow(/abort/);
  expect(await readdir(trees.root)).toEqual(before);
});
