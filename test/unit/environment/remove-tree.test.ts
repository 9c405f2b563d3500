import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { removeFromCache, removeTree } from "../../../src/environment/remove-tree.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("directories that forbid it are removed all the same", async () => {
  const parent = await makeTempDirectory();
  const closed = path.join(parent, "tree", "closed");
  await mkdir(path.join(closed, "deep"), { recursive: true });
  await writeFile(path.join(closed, "deep", "file"), "");
  await chmod(path.join(closed, "deep"), 0o555);
  await chmod(closed, 0);
  await removeTree(path.join(parent, "tree"));
  expect(await readdir(parent)).toEqual([]);
});

test("what is not there needs no removal", async () => {
  const parent = await makeTempDirectory();
  await removeTree(path.join(parent, "none"));
  await removeFromCache(parent, path.join(parent, "none"));
  expect(await readdir(parent)).toEqual([]);
});
