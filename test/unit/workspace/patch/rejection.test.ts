import { describe, expect, test } from "vitest";
import { applyPatch } from "../../../../src/workspace/patch/apply-patch.js";
import { PyroError } from "../../../../src/contract/errors.js";
import type { FileChange } from "../../../../src/guest/files.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { readTree, writeTree } from "../diff/two-trees.js";
import { failPatch, patchTree } from "./patched-tree.js";

const lines = (...each: string[]) => each.map((line) => `${line}\n`).join("");

function diffOf(name: string, ...hunk: string[]): string {
  return lines(`--- a/${name}`, `+++ b/${name}`, ...hunk);
}

const ten = lines("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");

describe("a patch that does not fit", () => {
  test("names the file, the hunk and the line that differs, and shows both sides", async () => {
    const patch = diffOf(
      "src/x.ts",
      ...["@@ -1,2 +1,2 @@", "-1", "+one", " 2"],
      ...["@@ -7,3 +7,3 @@", " 7", " 8", "-nine", "+9"],
    );
    const { code, message, details, hint } = await failPatch({ "src/x.ts": ten }, patch);
    expect(code).toBe("patch_rejected");
    expect(message).toBe(
      'src/x.ts: hunk 2 (line 7 of the patch): at line 9 of the file it expects "nine", but there is "9"',
    );
    expect(details).toEqual({
      path: "src/x.ts",
      hunk: 2,
      patch_line: 7,
      file_line: 9,
      expected: ["nine"],
      found: ["9", "10"],
    });
    expect(hint).toContain("Nothing was changed");
  });

  test("is looked at where most of it fits", async () => {
    const patch = diffOf("x", "@@ -1,4 +1,4 @@", " 5", " 6", "-seven", "+7", " 8");
    expect((await failPatch({ x: ten }, patch)).details).toMatchObject({
      file_line: 7,
      expected: ["seven", "8"],
    });
  });

  test("says that only white space differs, or the line end, or that the file is over", async () => {
    const messageFor = async (content: string, ...hunk: string[]) =>
      (await failPatch({ x: content }, diffOf("x", ...hunk))).message;
    expect(await messageFor("\ta\n", "@@ -1 +1 @@", "-    a", "+b")).toContain("(white space differs)");
    expect(await messageFor("a\nb\r\n", "@@ -1,2 +1,2 @@", "-a", "+c", " b")).toContain("another line end");
    expect(await messageFor("a\n", "@@ -1,2 +1,2 @@", " a", "-b", "+c")).toContain("but the file ends there");
  });

  test("shows long lines cut off, and no more than a few", async () => {
    const long = "x".repeat(100_000);
    const hunk = Array.from({ length: 50 }, () => `-${long}`);
    const error = await failPatch({ x: ten }, diffOf("x", "@@ -1,50 +0,0 @@", ...hunk));
    expect(JSON.stringify(error.toReport()).length).toBeLessThan(3000);
  });

  test("in its third file changes nothing", async () => {
    const patch =
      diffOf("a", "@@ -1 +1 @@", "-a", "+b") +
      diffOf("n", "@@ -0,0 +1 @@", "+n") +
      diffOf("z", "@@ -1 +1 @@", "-y", "+x");
    const { message, details } = await failPatch({ a: "a\n", z: "z\n" }, patch);
    expect(message).toContain("z: hunk 1");
    expect(details).toMatchObject({ path: "z", hunk: 1 });
  });
});

describe("a patch that is already applied", () => {
  test.each([
    ["a change", { x: ten }, diffOf("x", "@@ -4,3 +4,3 @@", " 4", "-five", "+5", " 6")],
    ["a new file", { x: "n\n" }, lines("--- /dev/null", "+++ b/x", "@@ -0,0 +1 @@", "+n")],
    ["a deletion", {}, lines("--- a/x", "+++ /dev/null", "@@ -1 +0,0 @@", "-n")],
    ["an envelope", { x: ten }, "*** Begin Patch\n*** Update File: x\n@@\n 4\n-five\n+5\n*** End Patch\n"],
  ])("%s: it says so", async (_, tree, patch) => {
    const { code, message, details } = await failPatch(tree, patch);
    expect(code).toBe("patch_rejected");
    expect(message).toContain("already applied");
    expect(details).toMatchObject({ already_applied: true });
  });

  test("a removed line that never was there proves nothing", async () => {
    expect((await failPatch({ x: ten }, diffOf("x", "@@ -1 +0,0 @@", "-never"))).message).not.toContain(
      "already",
    );
  });
});

test("a patch that changes nothing is no failure", async () => {
  const { result } = await patchTree({ x: ten }, diffOf("x", "@@ -1,2 +1,2 @@", " 1", " 2"));
  expect(result).toEqual({
    changed: false,
    summary: { total: 0, added: 0, modified: 0, deleted: 0, renamed: 0 },
    entries: [],
  });
});

describe("what is no patch", () => {
  test.each([
    ["nothing", "", "empty"],
    ["white space", " \n\n", "empty"],
    ["prose", "please change x\n", "no change of a file"],
    ["a context diff", lines("*** a/x", "--- b/x", "***************", "*** 1,2 ****"), "context diff"],
    ["a hunk without a name", lines("@@ -1 +1 @@", "-1", "+2"), "without the name"],
    ["names without a hunk", lines("--- a/x", "+++ b/x", "-1", "+2"), "no hunk follows"],
    ["two missing files", lines("--- /dev/null", "+++ /dev/null", "@@ -1 +1 @@", "-1", "+2"), "both names"],
    ["a hunk with odd numbers", diffOf("x", "@@ -one +two @@", "-1", "+2"), "numbers"],
  ])("%s", async (_, patch, problem) => {
    const { code, message, hint } = await failPatch({ x: ten }, patch);
    expect(code).toBe("invalid_input");
    expect(message).toContain(problem);
    expect(hint).not.toBe("");
  });

  test("the hint shows the shapes that are understood", async () => {
    const { hint } = await failPatch({}, "nothing\n");
    expect(hint).toContain("--- a/FILE");
    expect(hint).toContain("diff --git");
    expect(hint).toContain("*** Begin Patch");
  });
});

describe("paths that are refused", () => {
  test.each([
    ["out of it", "path_outside_workspace", "../x"],
    ["out of it further down", "path_outside_workspace", "a/../../x"],
    ["up and down again", "path_outside_workspace", "a/../b"],
    ["from the root", "path_outside_workspace", "/etc/passwd"],
    ["from the root through it", "path_outside_workspace", "/workspace/../etc/passwd"],
    ["beside it", "path_outside_workspace", "/workspaces/x"],
    ["a repository's configuration", "invalid_input", ".git/config"],
    ["a hook", "invalid_input", "sub/.git/hooks/pre-commit"],
    ["a repository on another system", "invalid_input", ".GIT/config"],
    ["a long name", "invalid_input", "x".repeat(300)],
    ["a long path", "invalid_input", `${"x/".repeat(3000)}x`],
    ["the workspace itself", "invalid_input", "."],
  ])("%s", async (_, expected, name) => {
    const hunk = ["@@ -0,0 +1 @@", "+x"];
    expect((await failPatch({}, lines("--- /dev/null", `+++ b/${name}`, ...hunk))).code).toBe(expected);
    expect((await failPatch({}, lines("--- /dev/null", `+++ ${name}`, ...hunk))).code).toBe(expected);
    expect((await failPatch({}, `*** Begin Patch\n*** Add File: ${name}\n+x\n*** End Patch\n`)).code).toBe(
      expected,
    );
    const rename = lines("diff --git a/a b/b", "rename from a", `rename to ${name}`);
    expect((await failPatch({ a: "a\n" }, rename)).code).toBe(expected);
  });

  test("a NUL in a quoted name", async () => {
    const patch = lines("--- /dev/null", '+++ "b/x\\000y"', "@@ -0,0 +1 @@", "+x");
    expect((await failPatch({}, patch)).code).toBe("invalid_input");
  });

  test("a file behind a link that leads out of the workspace", async () => {
    const patch = diffOf("out/passwd", "@@ -0,0 +1 @@", "+x");
    expect((await failPatch({ out: { type: "symlink", target: "/etc" } }, patch)).code).toBe(
      "path_outside_workspace",
    );
  });
});

describe("files that change meanwhile", () => {
  const patch = diffOf("x", "@@ -4,3 +4,3 @@", " 4", "-5", "+five", " 6");

  class Disturbed extends DirectoryFiles {
    disturb: () => Promise<void> = () => Promise.resolve();

    override async apply(changes: Iterable<FileChange> | AsyncIterable<FileChange>) {
      await this.disturb();
      return super.apply(changes);
    }
  }

  async function makeDisturbed(): Promise<{ directory: string; files: Disturbed }> {
    const directory = `${await makeTempDirectory()}/w`;
    await writeTree(directory, { x: ten });
    return { directory, files: new Disturbed(directory) };
  }

  test("the patch is applied to what is there then", async () => {
    const { directory, files } = await makeDisturbed();
    let count = 0;
    files.disturb = async () => {
      if (count++ === 0) await writeTree(directory, { x: `0\n${ten}` });
    };
    await applyPatch({ patch, files });
    expect(await readTree(directory)).toMatchObject({ x: { content: `0\n${ten.replace("5", "five")}` } });
    expect(files.calls).toMatchObject({ fetch: 2, apply: 2 });
  });

  test("a file that changes all the time is a conflict", async () => {
    const { directory, files } = await makeDisturbed();
    let count = 0;
    files.disturb = async () => writeTree(directory, { x: `${"0\n".repeat(++count)}${ten}` });
    const failure: unknown = await applyPatch({ patch, files }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PyroError);
    expect(failure).toMatchObject({ code: "conflict" });
    expect(await readTree(directory)).toMatchObject({ x: { content: `0\n0\n${ten}` } });
  });

  test("one fetch and one apply are enough", async () => {
    const { files } = await makeDisturbed();
    const added = lines("--- /dev/null", "+++ b/y", "@@ -0,0 +1 @@", "+y");
    await applyPatch({ patch: patch + added, files });
    expect(files.calls).toEqual({ walk: 0, stat: 0, read: 0, fetch: 1, apply: 1 });
  });
});
