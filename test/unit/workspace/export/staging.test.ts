import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeStaging, newStagingPath, removeStaging } from "../../../../src/workspace/export/staging.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

/** What a daemon leaves that is killed at a certain moment of `export --force` over a directory `out`. */
async function leave({ old, fresh, out }: { old?: boolean; fresh?: boolean; out?: string }) {
  const parentDir = await makeTempDirectory();
  const stagingPath = newStagingPath(parentDir);
  const output = path.join(parentDir, "out");
  await using _staging = await makeStaging(stagingPath);
  if (fresh === true) await writeTree(path.join(stagingPath, "new"), "new");
  if (old === true) await writeTree(path.join(stagingPath, "old", "out"), "old");
  if (out !== undefined) await writeTree(output, out);
  return { parentDir, stagingPath, output };
}

async function writeTree(directory: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "file"), text);
}

test.each([
  ["before anything was set aside", { fresh: true, out: "old" }, "old"],
  ["with the old output set aside", { fresh: true, old: true }, "old"],
  ["with the new output in place", { old: true, out: "new" }, "new"],
  ["with everything in place", { out: "new" }, "new"],
])("after a kill %s the output is whole and the staging directory gone", async (_, state, expected) => {
  const { parentDir, stagingPath, output } = await leave(state);
  await removeStaging(stagingPath);
  expect(await readFile(path.join(output, "file"), "utf8")).toBe(expected);
  expect(await readdir(parentDir)).toEqual(["out"]);
  await removeStaging(stagingPath);
});

test("the old output is kept when somebody else has taken its place meanwhile", async () => {
  const { stagingPath, output } = await leave({ fresh: true, old: true, out: "stranger" });
  await expect(removeStaging(stagingPath)).rejects.toMatchObject({
    code: "conflict",
    hint: `What was there is kept in ${stagingPath}/old; move it where you want it.`,
  });
  expect(await readFile(path.join(stagingPath, "old/out/file"), "utf8")).toBe("old");
  expect(await readFile(path.join(output, "file"), "utf8")).toBe("stranger");
});

test("a half-made tree that forbids its own removal is removed", async () => {
  const { parentDir, stagingPath } = await leave({ fresh: true });
  await chmod(path.join(stagingPath, "new"), 0);
  await removeStaging(stagingPath);
  expect(await readdir(parentDir)).toEqual([]);
});

test.each([
  "/home",
  "/tmp/.pyro-export-",
  "/tmp/.pyro-export-0123456789abcdef/..",
  ".pyro-export-0123456789abcdef",
])("%s is never taken for a staging directory", async (stagingPath) => {
  await expect(removeStaging(stagingPath)).rejects.toMatchObject({ code: "internal" });
});

test("a link in the name of a staging directory is removed, not followed", async () => {
  const parentDir = await makeTempDirectory();
  await writeTree(path.join(parentDir, "mine"), "mine");
  const stagingPath = newStagingPath(parentDir);
  await symlink("mine", stagingPath);
  await removeStaging(stagingPath);
  expect(await readdir(parentDir)).toEqual(["mine"]);
  expect(await readFile(path.join(parentDir, "mine/file"), "utf8")).toBe("mine");
});

test("a staging directory whose name is given to another one meanwhile still leads to itself", async () => {
  const parentDir = await makeTempDirectory();
  const stagingPath = newStagingPath(parentDir);
  await using staging = await makeStaging(stagingPath);
  await rm(stagingPath, { recursive: true });
  await mkdir(stagingPath);
  await expect(writeFile(path.join(staging.path, "new"), "x")).rejects.toThrow("ENOENT");
  expect(await readdir(stagingPath)).toEqual([]);
});
