// Diffs and patches of a real guest's files.

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type PyroError, toPyroError } from "../../src/contract/errors.js";
import type { FileChange, GuestFiles } from "../../src/guest/files.js";
import type { DiffResult } from "../../src/workspace/diff/diff-result.js";
import { diffWorkspace } from "../../src/workspace/diff/diff-workspace.js";
import { fetchContents } from "../../src/workspace/diff/fetch-contents.js";
import { applyPatch } from "../../src/workspace/patch/apply-patch.js";
import { readDirectoryBaseline } from "../helpers/directory-baseline.js";
import { useGuestFiles, write } from "../helpers/use-guest-files.js";
import { treePairs } from "../unit/workspace/diff/generated-trees.js";
import { readTree, type Tree, type TreeNode, TwoTrees } from "../unit/workspace/diff/two-trees.js";

const guest = useGuestFiles();

beforeEach(async () => {
  await guest().sh("find /workspace -mindepth 1 -delete");
});

/** Puts a tree of the host into the guest. */
async function putTree(tree: Readonly<Record<string, TreeNode>>): Promise<void> {
  await guest().sh("find /workspace -mindepth 1 -delete");
  await guest().files.apply(
    Object.entries(tree).map(([path, node]): FileChange => {
      if (node.type === "symlink") return { kind: "make_symlink", path, target: node.target };
      if (node.type === "directory") return { kind: "make_directory", path };
      return write(path, node.content, { mode: node.executable === true ? 0o755 : 0o644 });
    }),
  );
}

/** Files and links of the guest. */
async function readGuestTree(): Promise<Record<string, TreeNode>> {
  const { entries } = await guest().files.walk({ recursive: true });
  const tree: Record<string, TreeNode> = {};
  const paths = entries.filter(({ type }) => type !== "directory").map(({ path }) => path);
  for await (const { path, entry, content } of fetchContents(guest().files, paths, { maxFileBytes: 1e6 })) {
    tree[path] =
      entry?.type === "symlink"
        ? { type: "symlink", target: entry.linkTarget ?? "" }
        : {
            type: "file",
            content: content?.toString("latin1") ?? "",
            executable: ((entry?.mode ?? 0) & 0o100) !== 0,
          };
  }
  return tree;
}

async function diffAgainst(seed: string, { includeIgnored = false } = {}): Promise<DiffResult> {
  return diffWorkspace({
    baseline: await readDirectoryBaseline(seed),
    files: guest().files,
    isGitSeed: true,
    includeIgnored,
    includePatch: true,
    includeBinary: true,
  });
}

async function putAndRead(tree: Tree): Promise<Record<string, TreeNode>> {
  const { seed } = await TwoTrees.write(tree, {});
  await putTree(await readTree(seed));
  return readGuestTree();
}

async function failureOf(promise: Promise<unknown>): Promise<PyroError> {
  const failure: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) throw new Error("it did not fail");
  return toPyroError(failure);
}

const seed: Tree = {
  ".gitignore": "build/\n",
  "src/main.py": "def main():\n    return 1\n",
  "src/util.py": "x = 1\n",
  "docs/old.md": "old\n",
  "run.sh": "#!/bin/sh\n",
  "image.bin": "\0\x01\x02",
};

test("what commands did in a guest is told by git apply on the host, and by our own patch in the guest", async () => {
  const trees = await TwoTrees.write(seed, {});
  const seedTree = await readTree(trees.seed);
  await putTree(seedTree);
  expect(await diffAgainst(trees.seed)).toMatchObject({ patch: "", entries: [] });

  await guest().sh(
    [
      "cd /workspace && sed -i 's/return 1/return 2/' src/main.py && mv src/util.py src/tools.py",
      "rm -r docs && chmod +x run.sh && printf '\\0\\1\\3' > image.bin && ln -s src/main.py main && mkdir -p build/deep",
      "echo artifact > build/deep/a && printf 'no end' > 'with space' && printf 'x\\n' > \"$(printf 'odd\\n\\377')\"",
      "git init -q . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m t",
    ].join("\n"),
  );
  const diff = await diffAgainst(trees.seed);
  expect(diff.entries.map(({ path, status }) => `${status} ${path}`)).toEqual([
    "deleted docs/old.md",
    "modified image.bin",
    "added main",
    "added odd\n\xff",
    "mode_changed run.sh",
    "modified src/main.py",
    "added src/tools.py",
    "deleted src/util.py",
    "added with space",
  ]);
  expect(diff.ignored).toEqual([{ path: "build", entryCount: 3 }]);

  await guest().sh("rm -rf /workspace/.git /workspace/build");
  const now = await readGuestTree();
  expect(await trees.applyWithGit(diff.patch)).toEqual(now);
  await putTree(seedTree);
  const { summary } = await applyPatch({ patch: diff.patch, files: guest().files });
  expect(summary).toEqual({ total: 9, added: 4, modified: 3, deleted: 2, renamed: 0 });
  expect(await readGuestTree()).toEqual(now);
  expect(await guest().sh("ls -d /workspace/docs 2>&1 || true")).toContain("No such file");
});

test("any tree and what became of it: diff in the guest, patch in the guest", async () => {
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), async (generated) => {
      const trees = await TwoTrees.write(generated.seed, generated.workspace);
      const seedTree = await readTree(trees.seed);
      const workspaceTree = await readTree(trees.workspace);
      await putTree(workspaceTree);
      const { patch, summary } = await diffAgainst(trees.seed, { includeIgnored: true });
      await putTree(seedTree);
      if (summary.total > 0) await applyPatch({ patch, files: guest().files });
      expect(await readGuestTree()).toEqual(workspaceTree);
    }),
    { numRuns: 25 },
  );
});

describe("a patch that cannot be applied changes nothing", () => {
  test("when its third file does not fit", async () => {
    const before = await putAndRead({ a: "a\n", z: "z\n" });
    const hunk = (name: string, old: string) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-${old}\n+new\n`;
    const patch = `${hunk("a", "a")}--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+n\n${hunk("z", "other")}`;
    const failure = await failureOf(applyPatch({ patch, files: guest().files }));
    expect(failure.code).toBe("patch_rejected");
    expect(failure.message).toContain("z: hunk 1");
    expect(await readGuestTree()).toEqual(before);
  });

  test("when it leads out of /workspace, or over a file into a directory", async () => {
    const before = await putAndRead({ f: "f\n", out: { type: "symlink", target: "/etc" } });
    const adding = (name: string) => `--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+n\n`;
    for (const [name, code] of [
      ["out/n", "path_outside_workspace"],
      ["f/n", "patch_rejected"],
    ] as const) {
      expect(
        (await failureOf(applyPatch({ patch: adding("a") + adding(name), files: guest().files }))).code,
      ).toBe(code);
    }
    expect(await readGuestTree()).toEqual(before);
    expect(await guest().sh("ls /etc/n 2>&1 || true")).toContain("No such file");
  });

  test("when a process changes a file all the time; once is no matter", async () => {
    const patch = "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n";
    for (const [disturbances, code] of [
      [1, "none"],
      [2, "conflict"],
    ] as const) {
      await putAndRead({ x: "1\n2\n3\n" });
      const { files } = guest();
      let left = disturbances;
      const disturbed: GuestFiles = {
        walk: (...args) => files.walk(...args),
        stat: (...args) => files.stat(...args),
        read: (...args) => files.read(...args),
        fetch: (...args) => files.fetch(...args),
        apply: async (...args) => {
          if (left-- > 0) await guest().sh("echo more >> /workspace/x");
          return files.apply(...args);
        },
      };
      const applying = applyPatch({ patch, files: disturbed });
      if (code === "none") await applying;
      else expect((await failureOf(applying)).code).toBe(code);
      const more = "more\n".repeat(disturbances);
      expect(await guest().readText("x")).toBe(`1\n${code === "none" ? "two" : "2"}\n3\n${more}`);
    }
  });
});

test("a file behind a link to a directory is deleted there, and the link stays", async () => {
  await putAndRead({ "d/x": "x\n", l: { type: "symlink", target: "d" } });
  await applyPatch({ patch: "--- a/l/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", files: guest().files });
  expect(await readGuestTree()).toEqual({ l: { type: "symlink", target: "d" } });
});
