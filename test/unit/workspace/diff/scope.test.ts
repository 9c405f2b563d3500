import { mkdir, utimes, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { FetchOptions } from "../../../../src/guest/files.js";
import { readDirectoryBaseline } from "../../../helpers/directory-baseline.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { TwoTrees } from "./two-trees.js";

describe("what git ignores", () => {
  const seed = { ".gitignore": "build/\n*.log\n", "build/tracked": "1\n", "src/x": "x\n" };
  const workspace = {
    ...seed,
    "build/tracked": "2\n",
    "build/out/1": "",
    "build/out/2": "",
    "src/a.log": "",
    "src/b.log": "",
    "top.log": "",
    "logs/only.log": "",
  };

  test("is counted by the names at the top; what the baseline has is compared nevertheless", async () => {
    const trees = await TwoTrees.write(seed, workspace);
    const { entries, ignored } = await trees.diff({ isGitSeed: true });
    expect(entries.map(({ path, status }) => [path, status])).toEqual([["build/tracked", "modified"]]);
    expect(ignored).toEqual([
      { path: "build", entryCount: 3 },
      { path: "logs", entryCount: 1 },
      { path: "src", entryCount: 2 },
      { path: "top.log", entryCount: 1 },
    ]);
  });

  test("is listed when it is asked for, and in a workspace without git", async () => {
    const trees = await TwoTrees.write(seed, workspace);
    const all = [
      "build/out/1",
      "build/out/2",
      "build/tracked",
      "logs/only.log",
      "src/a.log",
      "src/b.log",
      "top.log",
    ];
    for (const options of [{ isGitSeed: true, includeIgnored: true }, { isGitSeed: false }]) {
      const { entries, ignored } = await trees.diff(options);
      expect(entries.map(({ path }) => path)).toEqual(all);
      expect(ignored).toEqual([]);
    }
    await mkdir(`${trees.workspace}/.git`);
    expect((await trees.diff({ isGitSeed: false })).ignored).not.toEqual([]);
  });

  test("of an image is no part of the baseline, which other files of the image are", async () => {
    const trees = await TwoTrees.write(
      { ...seed, "build/deps/1": "1\n", "installed/2": "2\n" },
      { ".gitignore": seed[".gitignore"], "build/tracked": "2\n", "src/x": "x\n" },
    );
    const baseline = await readDirectoryBaseline(trees.seed);
    const untracked = new Set(["build/deps", "build/deps/1", "installed", "installed/2"]);
    const { entries } = await trees.diff({ isGitSeed: true, baseline: { ...baseline, untracked } });
    expect(entries.map(({ path, status }) => [path, status])).toEqual([
      ["build/tracked", "modified"],
      ["installed/2", "deleted"],
    ]);
  });

  test("a tracked directory that became a link is one change, and what is behind the link none", async () => {
    const trees = await TwoTrees.write(
      { ".gitignore": "build\n", "build/tracked": "1\n" },
      { ".gitignore": "build\n", build: { type: "symlink", target: "/etc" } },
    );
    const { entries } = await trees.diff({ isGitSeed: true });
    expect(entries.map(({ path, status }) => [path, status])).toEqual([
      ["build", "type_changed"],
      ["build/tracked", "deleted"],
    ]);
  });
});

describe("a part of the workspace", () => {
  test("only what is at the path or below it is compared", async () => {
    const trees = await TwoTrees.write(
      { a: "1\n", "d/x": "1\n", "dd/x": "1\n", "gone/x": "1\n" },
      { a: "2\n", "d/x": "2\n", "dd/x": "2\n" },
    );
    const pathsOf = async (path: string) => (await trees.diff({ path })).entries.map((entry) => entry.path);
    expect(await pathsOf("d")).toEqual(["d/x"]);
    expect(await pathsOf("d/x")).toEqual(["d/x"]);
    expect(await pathsOf("gone")).toEqual(["gone/x"]);
    expect(await pathsOf("gone/x")).toEqual(["gone/x"]);
    expect(await pathsOf("")).toEqual(["a", "d/x", "dd/x", "gone/x"]);
  });

  test("a path that is not there and never was is an error, and so is one behind a link", async () => {
    const trees = await TwoTrees.write({ "d/x": "" }, { "d/x": "", l: { type: "symlink", target: "d" } });
    await expect(trees.diff({ path: "none" })).rejects.toMatchObject({ code: "path_not_found" });
    await expect(trees.diff({ path: "l/x" })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("only what may have changed is fetched", async () => {
  const content = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, "same\n"]));
  const trees = await TwoTrees.write(content, content);
  for (const name of Object.keys(content)) {
    for (const side of [trees.seed, trees.workspace])
      await utimes(`${side}/${name}`, 1_600_000_000, 1_600_000_000);
  }
  const bootedAtNs = BigInt(Date.now() + 1000) * 1_000_000n;
  const fetched: string[] = [];
  let ended = 0;
  class Watched extends DirectoryFiles {
    override async *fetch(paths: readonly string[], options: FetchOptions) {
      fetched.push(...paths);
      yield* super.fetch(paths, options);
      ended++;
    }
  }
  await writeFile(`${trees.workspace}/f7`, "other\n");
  await writeFile(`${trees.workspace}/f8`, "late\n");
  await utimes(`${trees.workspace}/f8`, 1_600_000_000.5, 1_600_000_000.5);
  await writeFile(`${trees.workspace}/f9`, "time\n");
  const files = new Watched(trees.workspace, { bootedAtNs });
  const { entries } = await trees.diff({ files });
  expect(fetched).toEqual(["f7", "f8", "f9"]);
  expect(ended).toBe(1);
  expect(entries.map(({ path }) => path)).toEqual(["f7", "f8", "f9"]);
  // A change that hides its size and its time shows in the time that nobody can set.
  fetched.length = 0;
  await writeFile(`${trees.workspace}/f1`, "SAME\n");
  await utimes(`${trees.workspace}/f1`, 1_600_000_000, 1_600_000_000);
  const afterwards = new Watched(trees.workspace);
  expect((await trees.diff({ files: afterwards })).entries.map(({ path }) => path)).toContain("f1");
});
