import { expect, test } from "vitest";
import { failPatch, patchTree } from "./patched-tree.js";

const lines = (...each: string[]) => each.map((line) => `${line}\n`).join("");

test("new, empty and executable files, and links", async () => {
  const patch = lines(
    ...["diff --git a/n b/n", "new file mode 100644", "index 0000000..1234567"],
    ...["--- /dev/null", "+++ b/n", "@@ -0,0 +1 @@", "+new"],
    ...["diff --git a/empty one b/empty one", "new file mode 100644", "index 0000000..e69de29"],
    ...["diff --git a/run b/run", "new file mode 100755", "index 0000000..1234567"],
    ...["--- /dev/null", "+++ b/run", "@@ -0,0 +1 @@", "+#!/bin/sh"],
    ...["diff --git a/link b/link", "new file mode 120000", "index 0000000..1234567"],
    ...["--- /dev/null", "+++ b/link", "@@ -0,0 +1 @@", "+run", "\\ No newline at end of file"],
  );
  const { tree, result } = await patchTree({}, patch);
  expect(tree).toEqual({
    n: "new\n",
    "empty one": "",
    run: { type: "file", content: "#!/bin/sh\n", executable: true },
    link: { type: "symlink", target: "run" },
  });
  expect(result.summary).toEqual({ total: 4, added: 4, modified: 0, deleted: 0, renamed: 0 });
});

test("modes alone, and with content", async () => {
  const patch = lines(
    ...["diff --git a/a b/a", "old mode 100644", "new mode 100755"],
    ...["diff --git a/b b/b", "old mode 100755", "new mode 100644", "index 1234567..89abcde"],
    ...["--- a/b", "+++ b/b", "@@ -1 +1 @@", "-b", "+c"],
  );
  const { tree, result } = await patchTree(
    { a: "a\n", b: { type: "file", content: "b\n", executable: true } },
    patch,
  );
  expect(tree).toEqual({ a: { type: "file", content: "a\n", executable: true }, b: "c\n" });
  expect(result.entries).toEqual([
    { path: "a", status: "modified" },
    { path: "b", status: "modified" },
  ]);
});

test("a file that was made executable meanwhile stays so", async () => {
  const patch = lines(
    ...[
      "diff --git a/b b/b",
      "index 1234567..89abcde 100644",
      "--- a/b",
      "+++ b/b",
      "@@ -1 +1 @@",
      "-b",
      "+c",
    ],
  );
  const { tree } = await patchTree({ b: { type: "file", content: "b\n", executable: true } }, patch);
  expect(tree).toEqual({ b: { type: "file", content: "c\n", executable: true } });
});

test("a rename keeps the mode, and may change content; a copy leaves what it was made of", async () => {
  const patch = lines(
    ...["diff --git a/a b/d/x", "similarity index 60%", "rename from a", "rename to d/x"],
    ...["--- a/a", "+++ b/d/x", "@@ -1 +1 @@", "-a", "+x"],
    ...["diff --git a/b b/y", "similarity index 100%", "copy from b", "copy to y"],
  );
  const { tree, result } = await patchTree(
    { a: { type: "file", content: "a\n", executable: true }, b: "b\n" },
    patch,
  );
  expect(tree).toEqual({ "d/x": { type: "file", content: "x\n", executable: true }, b: "b\n", y: "b\n" });
  expect(result.entries).toEqual([
    { path: "d/x", status: "renamed", oldPath: "a" },
    { path: "y", status: "added" },
  ]);
  expect(result.summary).toEqual({ total: 2, added: 1, modified: 0, deleted: 0, renamed: 1 });
});

test("two files swap their names, and a link is renamed", async () => {
  const patch = lines(
    ...["diff --git a/a b/b", "similarity index 100%", "rename from a", "rename to b"],
    ...["diff --git a/b b/a", "similarity index 100%", "rename from b", "rename to a"],
    ...["diff --git a/l b/m", "similarity index 100%", "rename from l", "rename to m"],
  );
  const { tree } = await patchTree({ a: "a\n", b: "b\n", l: { type: "symlink", target: "a" } }, patch);
  expect(tree).toEqual({ a: "b\n", b: "a\n", m: { type: "symlink", target: "a" } });
});

test("commits one after the other: a file is made, changed and renamed", async () => {
  const patch = lines(
    ...["diff --git a/x b/x", "new file mode 100644", "--- /dev/null", "+++ b/x", "@@ -0,0 +1 @@", "+1"],
    ...["diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -1 +1,2 @@", " 1", "+2"],
    ...["diff --git a/x b/y", "similarity index 100%", "rename from x", "rename to y"],
  );
  const { tree, result } = await patchTree({}, patch);
  expect(tree).toEqual({ y: "1\n2\n" });
  expect(result.entries).toEqual([{ path: "y", status: "added" }]);
});

test("a file becomes a link, a directory becomes a file, and a file a directory", async () => {
  const patch = lines(
    ...["diff --git a/f b/f", "deleted file mode 100644", "--- a/f", "+++ /dev/null", "@@ -1 +0,0 @@", "-f"],
    ...["diff --git a/f b/f", "new file mode 120000", "--- /dev/null", "+++ b/f", "@@ -0,0 +1 @@", "+d"],
    "\\ No newline at end of file",
    ...["diff --git a/d b/d", "new file mode 100644", "--- /dev/null", "+++ b/d", "@@ -0,0 +1 @@", "+d"],
    ...[
      "diff --git a/d/x b/d/x",
      "deleted file mode 100644",
      "--- a/d/x",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-x",
    ],
    ...[
      "diff --git a/e b/e",
      "deleted file mode 120000",
      "--- a/e",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-/etc",
    ],
    "\\ No newline at end of file",
    ...[
      "diff --git a/e/y b/e/y",
      "new file mode 100644",
      "--- /dev/null",
      "+++ b/e/y",
      "@@ -0,0 +1 @@",
      "+y",
    ],
  );
  const { tree } = await patchTree({ f: "f\n", "d/x": "x\n", e: { type: "symlink", target: "/etc" } }, patch);
  expect(tree).toEqual({ f: { type: "symlink", target: "d" }, d: "d\n", "e/y": "y\n" });
});

test("directories that have become empty are gone, others stay", async () => {
  const patch = lines(
    ...["diff --git a/p/q/x b/p/q/x", "deleted file mode 100644", "--- a/p/q/x", "+++ /dev/null"],
    ...["@@ -1 +0,0 @@", "-x"],
  );
  expect((await patchTree({ "p/q/x": "x\n", "p/y": "y\n" }, patch)).tree).toEqual({ "p/y": "y\n" });
});

test("names with spaces and without lines of names", async () => {
  const patch = lines("diff --git a/b b/c b/b b/c", "old mode 100644", "new mode 100755");
  expect((await patchTree({ "b b/c": "" }, patch)).tree).toEqual({
    "b b/c": { type: "file", content: "", executable: true },
  });
});

test.each([
  [
    "a file that is made anew but exists",
    lines("diff --git a/a b/a", "new file mode 100644"),
    "there is a file",
  ],
  [
    "a file that is renamed onto another one",
    lines("diff --git a/a b/b", "rename from a", "rename to b"),
    "there is a file",
  ],
  [
    "a deletion of less than the file has",
    lines(
      "diff --git a/a b/a",
      "deleted file mode 100644",
      "--- a/a",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-a",
    ),
    "more content",
  ],
  [
    "a file that is not there",
    lines("diff --git a/z b/z", "old mode 100644", "new mode 100755"),
    "no such file",
  ],
  [
    "content for a link",
    lines("--- a/l", "+++ b/l", "@@ -1 +1 @@", "-a", "+b"),
    "it is a symbolic link; patch the file that it leads to",
  ],
  ["a file below a file", lines("--- /dev/null", "+++ b/a/x", "@@ -0,0 +1 @@", "+x"), "a is no directory"],
  ["a directory", lines("--- a/d", "+++ b/d", "@@ -1 +1 @@", "-a", "+b"), "no file"],
])("%s is refused", async (_, patch, problem) => {
  const tree = { a: "a\nmore\n", b: "b\n", l: { type: "symlink", target: "a" }, "d/x": "x\n" } as const;
  const { code, message } = await failPatch(tree, patch);
  expect(code).toBe("patch_rejected");
  expect(message).toContain(problem);
});

test.each([
  ["submodules", lines("diff --git a/s b/s", "new file mode 160000"), "submodules"],
  ["diffs of merges", lines("diff --cc a", "index 1,2..3", "--- a/a", "+++ b/a"), "merges"],
  ["half a rename", lines("diff --git a/a b/b", "rename from a"), "is missing"],
  [
    "two names without a rename",
    lines("diff --git a/a b/b", "--- a/a", "+++ b/b", "@@ -1 +1 @@", "-a", "+b"),
    "two names",
  ],
])("%s cannot be understood", async (_, patch, problem) => {
  const { code, message } = await failPatch({ a: "a\n" }, patch);
  expect(code).toBe("invalid_input");
  expect(message).toContain(problem);
});
