// A directory of a test, before and after a patch.

import { PyroError, toPyroError } from "../../../../src/contract/errors.js";
import { applyPatch, type PatchResult } from "../../../../src/workspace/patch/apply-patch.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { readTree, type Tree, type TreeNode, writeTree } from "../diff/two-trees.js";

export interface PatchedTree {
  readonly result: PatchResult;
  /** Contents of files; links and executable files as nodes. */
  readonly tree: Readonly<Record<string, TreeNode | string>>;
}

/** Applies `patch` to a directory with `tree`. */
export async function patchTree(tree: Tree, patch: string | Uint8Array): Promise<PatchedTree> {
  const directory = `${await makeTempDirectory()}/w`;
  await writeTree(directory, tree);
  const result = await applyPatch({ patch, files: new DirectoryFiles(directory) });
  return { result, tree: simplify(await readTree(directory)) };
}

/** The error of a patch that must fail, after a look that nothing has changed. */
export async function failPatch(tree: Tree, patch: string | Uint8Array): Promise<PyroError> {
  const directory = `${await makeTempDirectory()}/w`;
  await writeTree(directory, tree);
  const before = JSON.stringify(await readTree(directory, { withDirectories: true }));
  let failure: unknown;
  try {
    await applyPatch({ patch, files: new DirectoryFiles(directory) });
  } catch (error) {
    failure = error;
  }
  if (JSON.stringify(await readTree(directory, { withDirectories: true })) !== before) {
    throw new Error("a patch that failed has changed something");
  }
  if (failure === undefined) throw new Error("the patch was applied");
  if (!(failure instanceof PyroError)) throw toPyroError(failure);
  return failure;
}

function simplify(tree: Readonly<Record<string, TreeNode>>): Record<string, TreeNode | string> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => {
      return [name, node.type === "file" && node.executable !== true ? node.content : node];
    }),
  );
}
