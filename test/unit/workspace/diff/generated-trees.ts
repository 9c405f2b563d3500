// Generated trees and what became of them: names and contents that are hard on patches.

import fc from "fast-check";
import type { TreeNode } from "./two-trees.js";

const NAMES = [
  "a",
  "b",
  "dir",
  "with space",
  "trailing ",
  'quo"te',
  "tab\there",
  "new\nline",
  "back\\slash",
  "\xc3\xa9",
  "latin\xe9",
  "\xff\xfe",
  "\x01\x7f",
  "-dash",
  "{a => b}",
  ".gitattributes",
  ".gitignore",
  ".gitmodules",
  "git~1",
  "b b",
];
const LINES = [
  "",
  "x",
  "y",
  "  indented",
  "trailing  ",
  "cr\r",
  "\f",
  "a\fb",
  "tab\tbed",
  "-- ",
  "-- x",
  "++ y",
  "--- a/x",
  "+++ b/x",
  "@@ -1 +1 @@",
  "diff --git a/x b/x",
  "\\ No newline at end of file",
  "* -diff binary",
  "*** Begin Patch",
  "```",
  Buffer.from("naïve — ünïcödé").toString("latin1"),
];

const path = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  .map((names) => names.join("/"));
const text = fc
  .tuple(fc.array(fc.constantFrom(...LINES), { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded && lines.length > 0 ? end : ""));
const binary = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.constantFrom("\0", "latin1 \xe9\n", "text\nthen\0nul\n", "\xff".repeat(5000)),
);
const executable = fc.boolean();

function nodes(content: fc.Arbitrary<string>): fc.Arbitrary<TreeNode> {
  // No link to itself: git apply cannot put a directory in its place.
  const target = fc.constantFrom("../x", "/etc/passwd", "dangling", "sp ace", "new\nline", "\xe9");
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant("file" as const), content, executable }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("symlink" as const), target }) },
  );
}

type Edit =
  | { readonly kind: "put"; readonly path: string; readonly node: TreeNode }
  | { readonly kind: "remove" | "flip_mode"; readonly pick: number }
  | { readonly kind: "rename"; readonly pick: number; readonly to: string }
  | { readonly kind: "line"; readonly pick: number; readonly at: number; readonly line: string };

function edits(node: fc.Arbitrary<TreeNode>): fc.Arbitrary<Edit> {
  const pick = fc.nat();
  return fc.oneof(
    fc.record({ kind: fc.constant("put" as const), path, node }),
    fc.record({ kind: fc.constantFrom("remove" as const, "flip_mode" as const), pick }),
    fc.record({ kind: fc.constant("rename" as const), pick, to: path }),
    fc.record({
      kind: fc.constant("line" as const),
      pick,
      at: fc.nat({ max: 12 }),
      line: fc.constantFrom(...LINES),
    }),
  );
}

export type NodeTree = Readonly<Record<string, TreeNode>>;

/** A seed and what it has become. */
export function treePairs(
  options: { binary?: boolean } = {},
): fc.Arbitrary<{ readonly seed: NodeTree; readonly workspace: NodeTree }> {
  const node = nodes(options.binary === true ? fc.oneof(text, binary) : text);
  return fc
    .tuple(fc.array(fc.tuple(path, node), { maxLength: 10 }), fc.array(edits(node), { maxLength: 8 }))
    .map(([first, changes]) => {
      const tree = new Map<string, TreeNode>();
      for (const [name, each] of first) put(tree, name, each);
      const seed = Object.fromEntries(tree);
      for (const change of changes) edit(tree, change);
      return { seed, workspace: Object.fromEntries(tree) };
    });
}

/** What was in the way is gone. */
function put(tree: Map<string, TreeNode>, name: string, node: TreeNode): void {
  // Git refuses such links.
  if (node.type === "symlink" && name.includes(".gitmodules")) return;
  for (const other of tree.keys()) {
    if (name === other || name.startsWith(`${other}/`) || other.startsWith(`${name}/`)) tree.delete(other);
  }
  tree.set(name, node);
}

function edit(tree: Map<string, TreeNode>, change: Edit): void {
  if (change.kind === "put") {
    put(tree, change.path, change.node);
    return;
  }
  const names = [...tree.keys()];
  const name = names[change.pick % Math.max(1, names.length)];
  const node = name === undefined ? undefined : tree.get(name);
  if (name === undefined || !node) return;
  if (change.kind === "remove") tree.delete(name);
  else if (change.kind === "rename") {
    tree.delete(name);
    put(tree, change.to, node);
  } else if (node.type === "file" && change.kind === "flip_mode") {
    tree.set(name, { ...node, executable: node.executable !== true });
  } else if (node.type === "file" && change.kind === "line") {
    const lines = node.content.split("\n");
    lines.splice(change.at % (lines.length + 1), change.at % 2, change.line);
    tree.set(name, { ...node, content: lines.join("\n") });
  }
}
