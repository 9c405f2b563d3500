import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { followLinks } from "../../../../src/workspace/files/follow-links.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const { signal } = new AbortController();

async function makeWorkspace(links: Readonly<Record<string, string>>): Promise<DirectoryFiles> {
  const root = await makeTempDirectory();
  await mkdir(path.join(root, "a/b"), { recursive: true });
  await writeFile(path.join(root, "a/b/file"), "");
  for (const [linkPath, target] of Object.entries(links)) await symlink(target, path.join(root, linkPath));
  return new DirectoryFiles(root);
}

test.each([
  ["a/b/file", {}, "a/b/file"],
  ["", {}, ""],
  ["latest", { latest: "a/b" }, "a/b"],
  ["latest/file", { latest: "./a//b/" }, "latest/file"],
  ["latest/l", { latest: "./a//b/", "a/b/l": "file" }, "a/b/file"],
  ["a/up/l", { "a/up": "..", l: "a/b" }, "a/b"],
  ["a/b/l", { "a/b/l": "../../a/b/file" }, "a/b/file"],
  ["l", { l: "/workspace/a/b" }, "a/b"],
  ["l", { l: "/workspace" }, ""],
  ["one", { one: "two", two: "a" }, "a"],
  ["a/d/l", { "a/d": "b", "a/b/l": "../b/file" }, "a/b/file"],
])("%s with the links %j is %s", async (asked, links, found) => {
  expect(await followLinks(await makeWorkspace(links), asked, signal)).toMatchObject({ path: found });
});

test.each([
  ["missing", {}, "path_not_found"],
  ["a/missing/b", {}, "path_not_found"],
  ["l", { l: "nowhere" }, "path_not_found"],
  ["l", { l: "/etc/passwd" }, "path_outside_workspace"],
  ["l", { l: "/workspaces/a" }, "path_outside_workspace"],
  ["l", { l: "../workspace/a" }, "path_outside_workspace"],
  ["a/l/x", { "a/l": "../.." }, "path_outside_workspace"],
  ["l", { l: "l" }, "invalid_input"],
])("%s with the links %j is refused", async (asked, links, code) => {
  await expect(followLinks(await makeWorkspace(links), asked, signal)).rejects.toMatchObject({ code });
});
