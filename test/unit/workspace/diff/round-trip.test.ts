import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { treePairs } from "./generated-trees.js";
import { readTree, type TreeNode, TwoTrees } from "./two-trees.js";

const RUNS = { numRuns: 40 };

function isText(node: TreeNode | undefined): boolean {
  const content = node?.type === "file" ? node.content : node?.type === "symlink" ? node.target : "";
  return !content.includes("\0") && isUtf8(Buffer.from(content, "latin1"));
}

test("a seed and its diff with binary content make the workspace, byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), async ({ seed, workspace }) => {
      const trees = await TwoTrees.write(seed, workspace);
      const { patch, summary } = await trees.diff({ includeBinary: true });
      expect(await trees.applyWithGit(patch)).toEqual(await readTree(trees.workspace));
      expect(summary.nonText).toBe(0);
    }),
    RUNS,
  );
}, 120_000);

test("a seed and its diff make every text file of the workspace, and leave what is binary", async () => {
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), async ({ seed, workspace }) => {
      const trees = await TwoTrees.write(seed, workspace);
      const { patch, entries } = await trees.diff();
      const made = await trees.applyWithGit(patch);
      const now = await readTree(trees.workspace);
      for (const [name, node] of Object.entries(now)) {
        if (isText(node) && isText(seed[name])) expect(made[name], name).toEqual(node);
      }
      for (const [name, node] of Object.entries(made)) {
        if (isText(node) && !isText(now[name])) expect(entries.map(({ path }) => path)).toContain(name);
      }
    }),
    RUNS,
  );
}, 120_000);
