import { describe, expect, test } from "vitest";
import { failPatch, patchTree } from "./patched-tree.js";

const lines = (...each: string[]) => each.map((line) => `${line}\n`).join("");
const ten = lines("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");

function diffOf(name: string, ...hunk: string[]): string {
  return lines(`--- a/${name}`, `+++ b/${name}`, ...hunk);
}

const change = ["@@ -4,3 +4,3 @@", " 4", "-5", "+five", " 6"];
const changed = ten.replace("5", "five");

describe("names in the header", () => {
  test.each([
    ["git's prefixes", "--- a/src/x", "+++ b/src/x"],
    ["no prefixes", "--- src/x", "+++ src/x"],
    ["two directories that were compared", "--- old/src/x", "+++ new/src/x"],
    ["git's mnemonic prefixes", "--- i/src/x", "+++ w/src/x"],
    ["an old copy beside the file", "--- src/x.orig", "+++ src/x"],
    ["paths from the root", "--- /workspace/src/x", "+++ /workspace/src/x"],
    ["paths from the root behind prefixes", "--- a/workspace/src/x", "+++ b/workspace/src/x"],
    ["a root path behind prefixes", "--- a//workspace/src/x", "+++ b//workspace/src/x"],
    ["a dot in front", "--- ./src/x", "+++ ./src/x"],
    ["times behind tabs", "--- src/x\t2024-01-02 03:04:05.678 +0100", "+++ src/x\t2024-01-02 03:04:06"],
    ["times behind spaces", "--- src/x 2024-01-02 03:04:05.678 +0100", "+++ src/x 2024-01-02 03:04:06"],
    ["quotes", '--- "a/\\163rc/x"', '+++ "b/s\\162c/x"'],
  ])("%s", async (_, old, now) => {
    const { tree } = await patchTree({ "src/x": ten }, lines(old, now, ...change));
    expect(tree).toEqual({ "src/x": changed });
  });

  test("a directory that is called like a prefix is found when nothing else is", async () => {
    const { tree } = await patchTree({ "a/x": ten }, lines("--- a/x", "+++ a/x", ...change));
    expect(tree).toEqual({ "a/x": changed });
  });

  test("spaces, quotes, newlines and bytes that are no UTF-8", async () => {
    const name = 'with "space\n\xff';
    const header = ['--- "a/with \\"space\\n\\377"', '+++ "b/with \\"space\\n\\377"'];
    expect((await patchTree({ [name]: ten }, lines(...header, ...change))).tree).toEqual({ [name]: changed });
  });

  test("UTF-8 without quotes", async () => {
    const name = Buffer.from("naïve.txt").toString("latin1");
    expect((await patchTree({ [name]: ten }, diffOf("naïve.txt", ...change))).tree).toEqual({
      [name]: changed,
    });
  });

  test("/dev/null and the first second of 1970 say that there is no file", async () => {
    const added = ["@@ -0,0 +1,2 @@", "+new", "+file"];
    const removed = ["@@ -1,2 +0,0 @@", "-old", "-file"];
    const old = lines("old", "file");
    const epoch = "\t1970-01-01 00:00:00.000000000 +0000";
    expect((await patchTree({}, lines("--- /dev/null", "+++ b/n/x", ...added))).tree).toEqual({
      "n/x": "new\nfile\n",
    });
    expect((await patchTree({}, lines(`--- x${epoch}`, "+++ x", ...added))).tree).toEqual({
      x: "new\nfile\n",
    });
    expect((await patchTree({ "d/x": old }, lines("--- a/d/x", "+++ /dev/null", ...removed))).tree).toEqual(
      {},
    );
    expect((await patchTree({ x: old }, lines("--- x", `+++ x${epoch}`, ...removed))).tree).toEqual({});
  });

  test("a new file may be named on both sides", async () => {
    const { tree, result } = await patchTree({}, diffOf("x", "@@ -0,0 +1 @@", "+new"));
    expect(tree).toEqual({ x: "new\n" });
    expect(result.entries).toEqual([{ path: "x", status: "added" }]);
  });
});

describe("places of hunks", () => {
  test("several hunks and several files", async () => {
    const patch =
      diffOf("x", "@@ -1,2 +1,3 @@", "+0", " 1", " 2", "@@ -8,3 +9,2 @@", " 8", "-9", " 10") +
      diffOf("y", ...change);
    const { tree, result } = await patchTree({ x: ten, y: ten }, patch);
    expect(tree).toEqual({ x: `0\n${ten.replace("9\n", "")}`, y: changed });
    expect(result).toMatchObject({ changed: true, summary: { total: 2, modified: 2, added: 0 } });
  });

  test("a hunk is found further down and further up than it says", async () => {
    for (const start of [1, 2, 7, 400]) {
      const patch = diffOf("x", `@@ -${start},3 +${start},3 @@`, " 4", "-5", "+five", " 6");
      expect((await patchTree({ x: ten }, patch)).tree).toEqual({ x: changed });
    }
  });

  test("of several places the nearest is taken", async () => {
    const block = lines("a", "b", "c");
    const patch = (start: number) => diffOf("x", `@@ -${start},3 +${start},3 @@`, " a", "-b", "+B", " c");
    const file = `${block}-\n${block}-\n${block}`;
    expect((await patchTree({ x: file }, patch(6))).tree).toEqual({ x: `${block}-\na\nB\nc\n-\n${block}` });
    expect((await patchTree({ x: file }, patch(30))).tree).toEqual({ x: `${block}-\n${block}-\na\nB\nc\n` });
  });

  test("a change at the end of the file is looked for at its end", async () => {
    const file = lines("}", "x", "}", "y", "}", "z", "}");
    const patch = diffOf("x", "@@ -2,2 +2,3 @@", " y", " }", "+end");
    const atEnd = diffOf("x", "@@ -1 +1,2 @@", " }", "+end");
    expect((await patchTree({ x: file }, patch)).tree).toEqual({ x: file.replace("y\n}\n", "y\n}\nend\n") });
    expect((await patchTree({ x: `0\n${file}` }, atEnd)).tree).toEqual({ x: `0\n${file}end\n` });
  });

  test("hunks may share lines around their changes", async () => {
    const patch = diffOf(
      "x",
      ...["@@ -2,4 +2,4 @@", " 2", "-3", "+three", " 4", " 5"],
      ...["@@ -4,4 +4,4 @@", " 4", " 5", "-6", "+six", " 7"],
    );
    expect((await patchTree({ x: ten }, patch)).tree).toEqual({
      x: ten.replace("3", "three").replace("6", "six"),
    });
  });

  test("hunks may come in any order, and two cannot change one line", async () => {
    const late = ["@@ -8,3 +8,3 @@", " 8", "-9", "+nine", " 10"];
    const { tree } = await patchTree({ x: ten }, diffOf("x", ...late, ...change));
    expect(tree).toEqual({ x: changed.replace("9", "nine") });
    expect((await failPatch({ x: ten }, diffOf("x", ...change, ...change))).code).toBe("patch_rejected");
  });

  test("a hunk without numbers is found by its lines, if they stand in one place", async () => {
    const patch = diffOf("x", "@@ ... @@", " 4", "-5", "+five", " 6");
    expect((await patchTree({ x: ten }, patch)).tree).toEqual({ x: changed });
    expect((await failPatch({ x: ten + ten }, patch)).message).toContain("more than one place");
  });

  test("lines without any around them go where their numbers say", async () => {
    expect((await patchTree({ x: ten }, diffOf("x", "@@ -5,0 +6 @@", "+5.5"))).tree).toEqual({
      x: ten.replace("5\n", "5\n5.5\n"),
    });
    expect((await failPatch({ x: ten }, diffOf("x", "@@ -50,0 +51 @@", "+5.5"))).code).toBe("patch_rejected");
  });
});

describe("line ends", () => {
  const noEnd = "\\ No newline at end of file";

  test("a last line gets, keeps and loses its line end", async () => {
    const gets = diffOf("x", "@@ -1 +1 @@", "-a", noEnd, "+a");
    const loses = diffOf("x", "@@ -1 +1 @@", "-a", "+a", noEnd);
    const keeps = diffOf("x", "@@ -1 +1 @@", "-a", noEnd, "+b", noEnd);
    expect((await patchTree({ x: "a" }, gets)).tree).toEqual({ x: "a\n" });
    expect((await patchTree({ x: "a\n" }, loses)).tree).toEqual({ x: "a" });
    expect((await patchTree({ x: "a" }, keeps)).tree).toEqual({ x: "b" });
  });

  test("a patch that says nothing about the missing line end of the file leaves it so", async () => {
    const patch = diffOf("x", "@@ -1,2 +1,3 @@", " a", " b", "+c");
    expect((await patchTree({ x: "a\nb" }, patch)).tree).toEqual({ x: "a\nb\nc" });
    expect(
      (await failPatch({ x: "a\nb\nmore" }, diffOf("x", "@@ -1,2 +1,2 @@", " a", "-bb", "+c"))).code,
    ).toBe("patch_rejected");
  });

  test("a patch without CRs changes a file with CR LF, and keeps its line ends", async () => {
    const crlf = ten.replaceAll("\n", "\r\n");
    const { tree } = await patchTree({ x: crlf }, diffOf("x", ...change));
    expect(tree).toEqual({ x: changed.replaceAll("\n", "\r\n") });
  });

  test("a patch that went through a system with CR LF changes a file with LF", async () => {
    const patch = diffOf("x", ...change).replaceAll("\n", "\r\n");
    expect((await patchTree({ x: ten }, patch)).tree).toEqual({ x: changed });
  });

  test("a CR in one line only is content", async () => {
    const { tree } = await patchTree({ x: "a\r\nb\n" }, diffOf("x", "@@ -1,2 +1,2 @@", "-a\r", "+a", " b"));
    expect(tree).toEqual({ x: "a\nb\n" });
    expect((await failPatch({ x: "a\r\nb\n" }, diffOf("x", "@@ -1,2 +1,2 @@", "-a", "+c", " b"))).code).toBe(
      "patch_rejected",
    );
  });

  test("form feeds, vertical tabs and separators of Unicode end no line", async () => {
    const odd = Buffer.from("a\fb\vc\u2028d\u0085e").toString("latin1");
    const { tree } = await patchTree(
      { x: `${odd}\nz\n` },
      Buffer.from(diffOf("x", "@@ -1,2 +1,2 @@", ` ${odd}`, "-z", "+y"), "latin1"),
    );
    expect(tree).toEqual({ x: `${odd}\ny\n` });
  });
});

describe("what surrounds a patch", () => {
  test.each([
    ["a Markdown fence", (patch: string) => `Here it is:\n\n\`\`\`diff\n${patch}\`\`\`\n\nDone.\n`],
    [
      "a mail of git format-patch",
      (patch: string) =>
        `From 0123 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n- a point\n---\n x | 2 +-\n\n${patch}-- \n2.39.5\n\n`,
    ],
    ["git show", (patch: string) => `commit 0123\nAuthor: A <a@b>\n\n    text\n\n${patch}`],
    ["svn diff", (patch: string) => `Index: x\n${"=".repeat(67)}\n${patch}`],
  ])("%s", async (_, surround) => {
    expect((await patchTree({ x: ten }, surround(diffOf("x", ...change)))).tree).toEqual({ x: changed });
  });

  test("an empty line may have lost its space", async () => {
    const { tree } = await patchTree({ x: "a\n\nb\n" }, diffOf("x", "@@ -1,3 +1,3 @@", " a", "", "-b", "+c"));
    expect(tree).toEqual({ x: "a\n\nc\n" });
  });
});

describe("counts in a hunk's header", () => {
  test("they tell removed and added lines that look like names from names", async () => {
    const { tree } = await patchTree(
      { x: "-- a\n" },
      diffOf("x", "@@ -1 +1 @@", "--- a", "+++ b") + diffOf("y", "@@ -0,0 +1 @@", "+y"),
    );
    expect(tree).toEqual({ x: "++ b\n", y: "y\n" });
  });

  test("too small or too large ones lose no line", async () => {
    const small = diffOf("x", "@@ -4,2 +4,2 @@", " 4", "-5", "+five", "+more", " 6");
    const large = diffOf("x", "@@ -4,9 +4,9 @@", " 4", "-5", "+five", "+more", " 6");
    const expected = { x: ten.replace("5", "five\nmore"), y: "y\n" };
    const next = diffOf("y", "@@ -0,0 +1 @@", "+y");
    expect((await patchTree({ x: ten }, small + next)).tree).toEqual(expected);
    expect((await patchTree({ x: ten }, large + next)).tree).toEqual(expected);
    const behindBlank = diffOf("x", "@@ -1,1 +1,2 @@", " 1", "+one", "", " 2", "-3");
    expect((await patchTree({ x: "1\n\n2\n3\n" }, behindBlank)).tree).toEqual({ x: "1\none\n\n2\n" });
  });

  test("a patch that ends before they are met may be cut off, and is refused", async () => {
    const whole = diffOf("x", ...change);
    for (let length = whole.indexOf("@@ -"); length < whole.length - 2; length++) {
      expect((await failPatch({ x: ten }, whole.slice(0, length))).code).toMatch(
        /invalid_input|patch_rejected/,
      );
    }
  });
});
