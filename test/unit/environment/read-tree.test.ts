import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { findDifference, readTree } from "../../../src/environment/read-tree.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function makeTree(): Promise<string> {
  const root = await makeTempDirectory();
  await mkdir(path.join(root, "b", "c"), { recursive: true });
  await writeFile(path.join(root, "b", "file"), "12345", { mode: 0o640 });
  await symlink("/nowhere", path.join(root, "a"));
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0x20, 0xff, 0x0a])]), "");
  return root;
}

test("every entry is read, in the order of its bytes, links as links, and odd names whole", async () => {
  const entries = await readTree(await makeTree());
  expect(entries.map(({ path, type, sizeBytes }) => [path, type, sizeBytes])).toEqual([
    ["", "directory", 0],
    ["a", "link", 8],
    ["b", "directory", 0],
    ["b \xff\n", "file", 0],
    ["b/c", "directory", 0],
    ["b/file", "file", 5],
  ]);
  expect(entries.at(-1)?.mode).toBe(0o640);
});

test("a tree does not differ from itself", async () => {
  const root = await makeTree();
  expect(await findDifference(root, await readTree(root))).toBeUndefined();
});

test("one difference among thousands of sound entries is not forgotten", async () => {
  const root = await makeTempDirectory();
  const names = Array.from({ length: 2000 }, (_, index) => `file-${index}`);
  for (const name of names) await writeFile(path.join(root, name), "");
  const recorded = (await readTree(root)).slice(1);
  await rm(path.join(root, "file-1000"));
  expect(await findDifference(root, recorded)).toContain("/file-1000");
});
