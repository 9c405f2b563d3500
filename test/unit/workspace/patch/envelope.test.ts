import { describe, expect, test } from "vitest";
import { failPatch, patchTree } from "./patched-tree.js";

const lines = (...each: string[]) => each.map((line) => `${line}\n`).join("");

function envelope(...each: string[]): string {
  return lines("*** Begin Patch", ...each, "*** End Patch");
}

const code = lines(
  "class A:",
  "    def f(self):",
  "        return 1",
  "",
  "class B:",
  "    def f(self):",
  "        return 1",
);

test("files are added, updated, moved and deleted", async () => {
  const patch = envelope(
    ...["*** Add File: new/n.txt", "+one", "+", "+two"],
    ...["*** Update File: a.txt", "@@", " a", "-b", "+B"],
    ...["*** Update File: old.txt", "*** Move to: moved/new.txt", "@@", "-x", "+y"],
    ...["*** Delete File: gone.txt"],
  );
  const { tree, result } = await patchTree(
    { "a.txt": "a\nb\nc\n", "old.txt": "x\n", "gone.txt": "whatever\n" },
    patch,
  );
  expect(tree).toEqual({ "new/n.txt": "one\n\ntwo\n", "a.txt": "a\nB\nc\n", "moved/new.txt": "y\n" });
  expect(result.summary).toEqual({ total: 4, added: 1, modified: 1, deleted: 1, renamed: 1 });
  expect(result.entries).toContainEqual({ path: "moved/new.txt", status: "renamed", oldPath: "old.txt" });
});

describe("places of hunks", () => {
  test("headers say behind which line a hunk is, one below the other too", async () => {
    const hunk = ["         return 1".slice(1), "-        return 1", "+        return 2"].slice(1);
    const one = envelope("*** Update File: x", "@@ class B:", "     def f(self):", ...hunk);
    const two = envelope("*** Update File: x", "@@ class B:", "@@     def f(self):", ...hunk);
    const expected = { x: code.replace(/1\n$/, "2\n") };
    expect((await patchTree({ x: code }, one)).tree).toEqual(expected);
    expect((await patchTree({ x: code }, two)).tree).toEqual(expected);
  });

  test("a header may be repeated as the first line of its hunk", async () => {
    const patch = envelope(
      "*** Update File: x",
      "@@ class B:",
      " class B:",
      "-    def f(self):",
      "+    def g(self):",
    );
    expect((await patchTree({ x: code }, patch)).tree).toEqual({
      x: code.replace("B:\n    def f", "B:\n    def g"),
    });
  });

  test("hunks follow one another, and the first place is meant", async () => {
    const hunk = ["@@", "-        return 1", "+        return 2"];
    expect((await patchTree({ x: code }, envelope("*** Update File: x", ...hunk))).tree).toEqual({
      x: code.replace("return 1", "return 2"),
    });
    expect((await patchTree({ x: code }, envelope("*** Update File: x", ...hunk, ...hunk))).tree).toEqual({
      x: code.replaceAll("return 1", "return 2"),
    });
  });

  test("the end of the file", async () => {
    const file = lines("end", "x", "end");
    const patch = envelope("*** Update File: x", "@@", "-end", "+END", "*** End of File");
    expect((await patchTree({ x: file }, patch)).tree).toEqual({ x: "end\nx\nEND\n" });
    expect((await failPatch({ x: `${file}more\n` }, patch)).code).toBe("patch_rejected");
  });

  test("new lines alone go to the end, or behind their header", async () => {
    expect((await patchTree({ x: "a\nb\n" }, envelope("*** Update File: x", "@@", "+c"))).tree).toEqual({
      x: "a\nb\nc\n",
    });
    expect((await patchTree({ x: "a\nb\n" }, envelope("*** Update File: x", "@@ a", "+c"))).tree).toEqual({
      x: "a\nc\nb\n",
    });
    expect((await patchTree({ x: "a\nb" }, envelope("*** Update File: x", "+c"))).tree).toEqual({
      x: "a\nb\nc\n",
    });
  });

  test("line numbers in a header, as in a diff, are passed over", async () => {
    const patch = envelope("*** Update File: x", "@@ -7,2 +7,2 @@", " a", "-b", "+c");
    expect((await patchTree({ x: "a\nb\n" }, patch)).tree).toEqual({ x: "a\nc\n" });
  });
});

describe("white space", () => {
  test("lines that differ at their ends, or in their indentation, match; the file's own lines stay", async () => {
    const patch = envelope("*** Update File: x", "@@", " def f():", "-return 1", "+  return 2", " ", " end");
    expect((await patchTree({ x: "def f():  \n\treturn 1\n\n  end\n" }, patch)).tree).toEqual({
      x: "def f():  \n  return 2\n\n  end\n",
    });
  });

  test("an exact place goes before one that differs in white space", async () => {
    const patch = envelope("*** Update File: x", "@@", "-  a", "+b");
    expect((await patchTree({ x: "a\n  a\n" }, patch)).tree).toEqual({ x: "a\nb\n" });
  });

  test("CR LF stays", async () => {
    const patch = envelope("*** Update File: x", "@@", " a", "-b", "+c", "+d");
    expect((await patchTree({ x: "a\r\nb\r\n" }, patch)).tree).toEqual({ x: "a\r\nc\r\nd\r\n" });
  });

  test("an empty line at the end of a hunk may be the end of the file", async () => {
    const patch = envelope("*** Update File: x", "@@", "-a", "+b", " ");
    expect((await patchTree({ x: "a\n" }, patch)).tree).toEqual({ x: "b\n" });
  });

  test("a letter whose last byte is a space in another alphabet is not cut", async () => {
    const x = Buffer.from("à\n").toString("latin1");
    const patch = Buffer.concat([
      Buffer.from("*** Begin Patch\n*** Update File: x\n@@\n-"),
      Buffer.from("\xc3\n", "latin1"),
      Buffer.from("+y\n*** End Patch\n"),
    ]);
    expect((await failPatch({ x }, patch)).code).toBe("patch_rejected");
  });
});

test("what surrounds it is passed over", async () => {
  const patch = `Here:\n\`\`\`\napply_patch <<'EOF'\n${envelope("*** Add File: x", "+x")}EOF\n\`\`\`\n`;
  expect((await patchTree({}, patch)).tree).toEqual({ x: "x\n" });
  expect((await patchTree({}, envelope("*** Add File: x", "+x").replaceAll("\n", "\r\n"))).tree).toEqual({
    x: "x\n",
  });
});

test.each([
  ["cut off", "*** Begin Patch\n*** Add File: x\n+x\n", "without `*** End Patch`"],
  ["without a change", envelope("*** Update File: a"), "an update without a change"],
  ["with a hunk without lines", envelope("*** Update File: a", "@@ a"), "a hunk without lines"],
  ["with anything else", envelope("*** Frobnicate File: a"), "neither a file"],
  ["without a file", envelope(), "there is no change"],
])("an envelope %s is refused", async (_, patch, problem) => {
  const { code: errorCode, message } = await failPatch({ a: "a\n" }, patch);
  expect(errorCode).toBe("invalid_input");
  expect(message).toContain(problem);
});

test.each([
  ["a header that is not there", ["@@ nowhere", "-a", "+b"], "header", ["nowhere"]],
  ["lines that are not there", ["@@", " a", "-x", "+y"], "expects", ["x"]],
])("%s is named", async (_, hunk, problem, expected) => {
  const {
    code: errorCode,
    message,
    details,
  } = await failPatch({ f: "a\nb\n" }, envelope("*** Update File: f", ...hunk));
  expect(errorCode).toBe("patch_rejected");
  expect(message).toMatch(/^f: hunk 1 \(line 3 of the patch\)/);
  expect(message).toContain(problem);
  expect(details).toMatchObject({ path: "f", hunk: 1, patch_line: 3, expected });
});

test("a file that is to be added but exists is refused", async () => {
  expect((await failPatch({ x: "other\n" }, envelope("*** Add File: x", "+x"))).message).toContain(
    "there is a file",
  );
});
