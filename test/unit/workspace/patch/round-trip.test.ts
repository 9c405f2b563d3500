import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPatch } from "../../../../src/workspace/patch/apply-patch.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { treePairs } from "../diff/generated-trees.js";
import { readTree, TwoTrees } from "../diff/two-trees.js";

const RUNS = { numRuns: 30 };

test("our own diff, applied to the seed, makes the workspace byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), async ({ seed, workspace }) => {
      const trees = await TwoTrees.write(seed, workspace);
      const { patch, summary } = await trees.diff({ includeBinary: true });
      const copy = await trees.copySeed();
      if (summary.total > 0) await applyPatch({ patch, files: new DirectoryFiles(copy) });
      const withDirectories = true;
      expect(await readTree(copy, { withDirectories })).toEqual(
        await readTree(trees.workspace, { withDirectories }),
      );
    }),
    RUNS,
  );
}, 120_000);

test("our own text diff makes what git apply makes of it", async () => {
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), async ({ seed, workspace }) => {
      const trees = await TwoTrees.write(seed, workspace);
      const { patch } = await trees.diff();
      const byGit = await trees.applyWithGit(patch);
      const copy = await trees.copySeed();
      if (patch !== "") await applyPatch({ patch, files: new DirectoryFiles(copy) });
      expect(await readTree(copy)).toEqual(byGit);
    }),
    RUNS,
  );
}, 120_000);
