import { expect, test } from "vitest";
import { readTree, TwoTrees } from "./two-trees.js";

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
  expect(entries).toEqual([
    { path: "gone.txt", status: "deleted", artifactType: "file", oldSizeBytes: 2, sizeBytes: undefined },
    { path: "src/main.ts", status: "modified", artifactType: "file", oldSizeBytes: 14, sizeBytes: 12 },
    { path: "src/new.ts", status: "added", artifactType: "file", oldSizeBytes: undefined, sizeBytes: 4 },
  ]);
  expect(summary).toMatchObject({ total: 3, added: 1, modified: 1, deleted: 1, textPatched: 3, nonText: 0 });
  expect(patch).toContain("diff --git a/src/main.ts b/src/main.ts\n");
  expect(patch).toContain("--- a/src/main.ts\n+++ b/src/main.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
  expect(await trees.applyWithGit(patch)).toEqual(await readTree(trees.workspace));
});
