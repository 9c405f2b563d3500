import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { runProcess } from "../../../../src/platform/processes.js";
import { usePush } from "./use-push.js";

const GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"] as const;

async function run(cwd: string, argv: readonly [string, ...string[]]): Promise<void> {
  const { exitCode, stderr } = await runProcess(argv, { cwd });
  if (exitCode !== 0) throw new Error(stderr);
}

/** A checkout with a tracked, a changed, a deleted, an untracked and an ignored file. */
async function makeCheckout(directory: string): Promise<void> {
  await run(directory, [...GIT, "init", "--quiet"]);
  for (const name of ["tracked", "changed", "deleted"]) await writeFile(path.join(directory, name), "first");
  await writeFile(path.join(directory, ".gitignore"), "ignored\n");
  await run(directory, [...GIT, "add", "."]);
  await run(directory, [...GIT, "commit", "--quiet", "--message", "first"]);
  await writeFile(path.join(directory, "changed"), "as in the working tree");
  await rm(path.join(directory, "deleted"));
  await writeFile(path.join(directory, "untracked"), "new");
  await writeFile(path.join(directory, "ignored"), "secret");
}

test("of a Git checkout what git sees is pushed, and neither repository is touched", async () => {
  const { source, workspace, push } = await usePush();
  await makeCheckout(source);
  await mkdir(path.join(workspace, ".git"));
  await writeFile(path.join(workspace, ".git/HEAD"), "the guest's");
  await writeFile(path.join(workspace, "deleted"), "stays");
  expect(await push()).toMatchObject({ mode: "directory", entryCount: 4, skippedCount: 0 });
  expect((await readdir(workspace)).sort()).toEqual([
    ".git",
    ".gitignore",
    "changed",
    "deleted",
    "tracked",
    "untracked",
  ]);
  expect(await readFile(path.join(workspace, "changed"), "utf8")).toBe("as in the working tree");
  expect(await readdir(path.join(workspace, ".git"))).toEqual(["HEAD"]);
  expect(await push()).toMatchObject({ unchangedCount: 4, bytesWritten: 0 });
});

test("a directory of a checkout is pushed alone", async () => {
  const { source, workspace, push } = await usePush();
  await mkdir(path.join(source, "sub"));
  await writeFile(path.join(source, "sub/f"), "x");
  await makeCheckout(source);
  await push({ sourcePath: path.join(source, "sub") });
  expect(await readdir(workspace)).toEqual(["f"]);
});

test.each([
  ["project.tar", ["--create"]],
  ["project.tar.gz", ["--create", "--gzip"]],
  ["project.tgz", ["--create", "--gzip"]],
] as const)("%s arrives like the directory that it was made of", async (name, flags) => {
  const { source, workspace, push, scratchDir } = await usePush();
  await mkdir(path.join(source, "d/empty"), { recursive: true });
  await writeFile(path.join(source, "d/f"), "content");
  await symlink("f", path.join(source, "d/l"));
  const sourcePath = path.join(path.dirname(source), name);
  await run(source, ["tar", ...flags, "--file", sourcePath, "."]);
  expect(await push({ sourcePath })).toMatchObject({
    mode: "tar_archive",
    sourcePath,
    entryCount: 4,
    bytesWritten: 7,
  });
  expect((await readdir(path.join(workspace, "d"))).sort()).toEqual(["empty", "f", "l"]);
  expect(await readFile(path.join(workspace, "d/f"), "utf8")).toBe("content");
  expect(await push({ sourcePath })).toMatchObject({ unchangedCount: 4, bytesWritten: 0 });
  expect(await readdir(scratchDir)).toEqual([]);
});

test("of two archives with one time and size the contents tell", async () => {
  const { source, workspace, push } = await usePush();
  for (const text of ["one", "two"]) {
    await writeFile(path.join(source, "f"), text);
    const flags = ["--create", "--mtime=2020-01-01", "--file"] as const;
    await run(source, ["tar", ...flags, `${source}-${text}.tar`, "f"]);
    await push({ sourcePath: `${source}-${text}.tar` });
  }
  expect(await readFile(path.join(workspace, "f"), "utf8")).toBe("two");
});
