import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { GuestEntry, GuestFiles, WalkOptions } from "../../../../src/guest/files.js";
import { listFiles } from "../../../../src/workspace/files/list-files.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const { signal } = new AbortController();

async function makeWorkspace(): Promise<GuestFiles> {
  const root = await makeTempDirectory();
  await mkdir(path.join(root, "src/deep"), { recursive: true });
  await writeFile(path.join(root, "src/main.ts"), "12345");
  await chmod(path.join(root, "src/main.ts"), 0o4755);
  await symlink("src/main.ts", path.join(root, "link"));
  await writeFile(Buffer.from(`${root}/\xff`, "latin1"), "");
  return new DirectoryFiles(root);
}

test("a directory lists what is in it, absolute and in order", async () => {
  const files = await makeWorkspace();
  const listed = await listFiles({ files, path: "/workspace", recursive: false, signal });
  expect(listed).toMatchObject({ path: "/workspace", recursive: false, truncated: false });
  expect(listed.entries.map((entry) => [entry.path, entry.artifactType])).toEqual([
    ["/workspace/link", "symlink"],
    ["/workspace/src", "directory"],
    ["/workspace/\ufffd", "file"],
  ]);
  expect(listed.entries[0]).toMatchObject({ linkTarget: "src/main.ts", sizeBytes: 0 });
});

test("with recursive everything below is listed, with sizes and octal modes", async () => {
  const files = await makeWorkspace();
  const { entries } = await listFiles({ files, path: "src", recursive: true, signal });
  expect(entries.map((entry) => entry.path)).toEqual(["/workspace/src/deep", "/workspace/src/main.ts"]);
  expect(entries[1]).toEqual({
    path: "/workspace/src/main.ts",
    artifactType: "file",
    sizeBytes: 5,
    linkTarget: null,
    mode: "4755",
  });
});

test("a file lists itself", async () => {
  const files = await makeWorkspace();
  const { entries } = await listFiles({ files, path: "src/main.ts", recursive: true, signal });
  expect(entries.map((entry) => entry.path)).toEqual(["/workspace/src/main.ts"]);
});

test("of a huge tree no more than 10,000 entries are asked for", async () => {
  let asked: WalkOptions | undefined;
  const directory: GuestEntry = {
    path: "",
    type: "directory",
    mode: 0o755,
    sizeBytes: 0,
    mtimeNs: 0n,
    ctimeNs: 0n,
    linkTarget: undefined,
    linkId: undefined,
  };
  const files = new (class extends DirectoryFiles {
    override stat() {
      return Promise.resolve([directory]);
    }
    override walk(options: WalkOptions) {
      asked = options;
      return Promise.resolve({ entries: [], ignored: [], truncated: true, bootedAtNs: 0n });
    }
  })("/nowhere");
  const { truncated } = await listFiles({ files, path: ".", recursive: true, signal });
  expect(truncated).toBe(true);
  expect(asked).toEqual({ path: "", recursive: true, maxEntries: 10_000 });
});
