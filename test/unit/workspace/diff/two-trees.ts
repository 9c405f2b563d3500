// A seed and a workspace as directories of a test, written down as what is in them.

import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DiffResult } from "../../../../src/workspace/diff/diff-result.js";
import { type DiffRequest, diffWorkspace } from "../../../../src/workspace/diff/diff-workspace.js";
import { runProcess } from "../../../../src/platform/processes.js";
import { readDirectoryBaseline } from "../../../helpers/directory-baseline.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

/** Names and contents have one character per byte. */
export type TreeNode =
  | { readonly type: "file"; readonly content: string; readonly executable?: boolean }
  | { readonly type: "symlink"; readonly target: string }
  | { readonly type: "directory" };

export type Tree = Readonly<Record<string, TreeNode | string>>;

/** Writes a tree; a string is a file's content. */
export async function writeTree(directory: string, tree: Tree): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, node] of Object.entries(tree)) {
    const at = join(directory, name);
    const cut = name.lastIndexOf("/");
    if (cut > 0) await mkdir(join(directory, name.slice(0, cut)), { recursive: true });
    if (typeof node === "string") await writeFile(at, node, "latin1");
    else if (node.type === "symlink") await symlink(Buffer.from(node.target, "latin1"), at);
    else if (node.type === "directory") await mkdir(at, { recursive: true });
    else {
      await writeFile(at, node.content, "latin1");
      await chmod(at, node.executable === true ? 0o755 : 0o644);
    }
  }
}

/** Files and links of a directory; empty directories, which git knows nothing of, only when asked for. */
export async function readTree(
  directory: string,
  { withDirectories = false } = {},
): Promise<Record<string, TreeNode>> {
  const { entries } = await new DirectoryFiles(directory).walk({ recursive: true });
  const tree: Record<string, TreeNode> = {};
  for (const { path: name, type, mode, linkTarget = "" } of entries) {
    if (type === "symlink") tree[name] = { type, target: linkTarget };
    else if (type === "directory" && withDirectories) tree[name] = { type };
    else if (type === "file") {
      const content = await readFile(join(directory, name), "latin1");
      tree[name] = { type, content, executable: (mode & 0o100) !== 0 };
    }
  }
  return tree;
}

export class TwoTrees {
  readonly root: string;
  readonly seed: string;
  readonly workspace: string;

  private constructor(root: string) {
    this.root = root;
    this.seed = path.join(root, "seed");
    this.workspace = path.join(root, "workspace");
  }

  static async write(seed: Tree, workspace: Tree): Promise<TwoTrees> {
    const trees = new TwoTrees(await makeTempDirectory());
    await writeTree(trees.seed, seed);
    await writeTree(trees.workspace, workspace);
    return trees;
  }

  async diff(options: Partial<DiffRequest> = {}): Promise<DiffResult> {
    return diffWorkspace({
      baseline: await readDirectoryBaseline(this.seed),
      files: new DirectoryFiles(this.workspace),
      isGitSeed: false,
      includeIgnored: false,
      includePatch: true,
      includeBinary: false,
      scratchDir: this.root,
      ...options,
    });
  }

  /** A copy of the seed for one patch. */
  async copySeed(): Promise<string> {
    const copy = path.join(this.root, "copy");
    await rm(copy, { recursive: true, force: true });
    await runProcess(["cp", "-a", this.seed, copy]);
    return copy;
  }

  /** What `git apply` makes of the seed with this patch. */
  async applyWithGit(patch: string): Promise<Record<string, TreeNode>> {
    const copy = await this.copySeed();
    if (patch === "") return readTree(copy);
    const patchFile = path.join(this.root, "patch");
    await writeFile(patchFile, patch);
    const loose = ["-c", "core.protectNTFS=false", "-c", "core.protectHFS=false"];
    const { exitCode, stderr } = await runProcess(
      ["git", ...loose, "apply", "--whitespace=nowarn", patchFile],
      { cwd: copy },
    );
    if (exitCode !== 0) throw new Error(`git apply: ${stderr}\n${patch}`);
    return readTree(copy);
  }
}

export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

function join(directory: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, "latin1")]);
}
