import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { SeedEntry } from "../../../src/seed/seed.js";
import { readImageFile, readImageFiles, uncoveredBy } from "../../../src/workspace/image-files.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const FILE = { mode: 0o644, mtime: 7, sizeBytes: 2, offset: 0 } as const;

test("an environment's files in /workspace are entries with their content", async () => {
  const rootfs = await makeTempDirectory();
  const workspace = path.join(rootfs, "workspace");
  await mkdir(path.join(workspace, "d"), { recursive: true });
  await writeFile(path.join(workspace, "d/a"), "a\n");
  await chmod(path.join(workspace, "d/a"), 0o644);
  await utimes(path.join(workspace, "d/a"), 7.5, 7.5);
  await symlink("/etc/passwd", path.join(workspace, "link"));
  const entries = await readImageFiles(rootfs);
  expect(entries).toMatchObject([
    { type: "directory", path: "d" },
    { type: "file", path: "d/a", ...FILE },
    { type: "symlink", path: "link", target: "/etc/passwd" },
  ]);
  const content = await readImageFile(rootfs, { type: "file", path: "d/a", ...FILE });
  expect(Buffer.from(content).toString()).toBe("a\n");
});

test("a seed covers what has its path, and what is below a file or a link of it", () => {
  const names = ["a", "d", "d/kept", "gone", "gone/x", "gone/y/z"];
  const image = names.map((name): SeedEntry => ({ type: "file", path: name, ...FILE }));
  const seed: SeedEntry[] = [
    { type: "file", path: "a", ...FILE },
    { type: "directory", path: "d", mode: 0o755, mtime: 7 },
    { type: "symlink", path: "gone", target: "elsewhere", mtime: 7 },
  ];
  expect(uncoveredBy(seed, image).map((entry) => entry.path)).toEqual(["d/kept"]);
});
