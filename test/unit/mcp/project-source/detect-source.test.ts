import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { detectSource } from "../../../../src/mcp/project-source/detect-source.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

async function makeCheckout(): Promise<string> {
  const directory = await makeTempDirectory();
  await mkdir(path.join(directory, ".git"));
  await writeFile(path.join(directory, ".git", "HEAD"), "ref: refs/heads/main\n");
  await mkdir(path.join(directory, "src", "deep"), { recursive: true });
  return directory;
}

describe("a flag decides", () => {
  const env = { CLAUDE_PROJECT_DIR: "/elsewhere" };

  test("over the checkout that the server was started in", async () => {
    const cwd = await makeCheckout();
    expect(detectSource({ noProjectSource: true }, { cwd, env })).toEqual({ kind: "none" });
    expect(detectSource({ repoUrl: "https://x.org/a" }, { cwd, env })).toEqual({
      kind: "repository",
      url: "https://x.org/a",
      ref: undefined,
    });
  });

  test("relative to the working directory", () => {
    expect(detectSource({ projectPath: "a/../b" }, { cwd: "/srv", env })).toEqual({
      kind: "path",
      path: "/srv/b",
      namedBy: "--project-path",
    });
  });

  test("even for a directory that is not there: that is told when it is needed", () => {
    expect(detectSource({ projectPath: "/no/such" }, { cwd: undefined, env })).toMatchObject({
      path: "/no/such",
    });
  });
});

describe("without a flag", () => {
  test("it is the checkout around the working directory", async () => {
    const checkout = await makeCheckout();
    const found = detectSource({}, { cwd: path.join(checkout, "src", "deep"), env: {} });
    expect(found).toEqual({ kind: "path", path: checkout, namedBy: "the working directory" });
  });

  test("a worktree, whose .git is a file, is a checkout too", async () => {
    const worktree = await makeTempDirectory();
    await writeFile(path.join(worktree, ".git"), "gitdir: /somewhere/.git/worktrees/w\n");
    expect(detectSource({}, { cwd: worktree, env: {} })).toMatchObject({ path: worktree });
  });

  test("a directory that only happens to be called .git is none", async () => {
    const directory = await makeTempDirectory();
    await mkdir(path.join(directory, ".git"));
    expect(detectSource({}, { cwd: directory, env: {} })).toEqual({ kind: "client" });
  });

  test("outside a checkout it is what Claude Code says", async () => {
    const cwd = await makeTempDirectory();
    expect(detectSource({}, { cwd, env: { CLAUDE_PROJECT_DIR: "/home/me/project" } })).toEqual({
      kind: "path",
      path: "/home/me/project",
      namedBy: "CLAUDE_PROJECT_DIR",
    });
  });

  test("a variable with no absolute path in it says nothing", async () => {
    const cwd = await makeTempDirectory();
    expect(detectSource({}, { cwd, env: { CLAUDE_PROJECT_DIR: "." } })).toEqual({ kind: "client" });
  });

  test("in a directory that is gone the client is asked", () => {
    expect(detectSource({}, { cwd: undefined, env: {} })).toEqual({ kind: "client" });
  });
});
