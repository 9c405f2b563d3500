import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { FileChange } from "../../../../src/guest/files.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { usePush } from "./use-push.js";

/** Long before any test, so that nothing looks as if it had just been written. */
const LONG_AGO = 1_500_000_000;

/** Records what is changed, for tests of what is not sent. */
class RecordingFiles extends DirectoryFiles {
  readonly changes: FileChange[] = [];

  override apply(changes: Iterable<FileChange> | AsyncIterable<FileChange>) {
    const { changes: seen } = this;
    return super.apply(
      (async function* () {
        for await (const change of changes) {
          seen.push(change);
          yield change;
        }
      })(),
    );
  }
}

async function useRecordedPush() {
  let recording: RecordingFiles | undefined;
  const used = await usePush((root) => (recording = new RecordingFiles(root)));
  return {
    ...used,
    /** Pushes, and tells what was changed: `kind path`. */
    pushAndTell: async () => {
      recording?.changes.splice(0);
      const result = await used.push();
      return { result, changes: recording?.changes.map(({ kind, path: name }) => `${kind} ${name}`) };
    },
  };
}

test("a directory arrives whole, with modes, times, links and empty directories", async () => {
  const { source, workspace, push } = await usePush();
  await mkdir(path.join(source, "src/empty"), { recursive: true });
  await writeFile(path.join(source, "src/run"), "#!/bin/sh\n", { mode: 0o755 });
  await utimes(path.join(source, "src/run"), LONG_AGO, LONG_AGO);
  await symlink("src/run", path.join(source, "link"));
  expect(await push()).toEqual({
    mode: "directory",
    sourcePath: source,
    destination: "/workspace",
    entryCount: 4,
    bytesWritten: 10,
    unchangedCount: 0,
    skipped: [],
    skippedCount: 0,
  });
  expect(await readFile(path.join(workspace, "src/run"), "utf8")).toBe("#!/bin/sh\n");
  const { mode, mtimeMs } = await stat(path.join(workspace, "src/run"));
  expect([mode & 0o777, mtimeMs]).toEqual([0o755, LONG_AGO * 1000]);
  expect(await readlink(path.join(workspace, "link"))).toBe("src/run");
  expect(await readdir(path.join(workspace, "src/empty"))).toEqual([]);
});

test("what is there already is not sent again", async () => {
  const { source, pushAndTell } = await useRecordedPush();
  await mkdir(path.join(source, "a"));
  for (const name of ["a/1", "a/2", "b"]) await writeFile(path.join(source, name), name);
  await symlink("b", path.join(source, "l"));
  expect((await pushAndTell()).result).toMatchObject({ entryCount: 5, unchangedCount: 0, bytesWritten: 7 });
  await writeFile(path.join(source, "a/2"), "other");
  expect(await pushAndTell()).toMatchObject({
    result: { entryCount: 5, unchangedCount: 4, bytesWritten: 5 },
    changes: ["write_file a/2"],
  });
  expect(await pushAndTell()).toMatchObject({ result: { unchangedCount: 5, bytesWritten: 0 }, changes: [] });
});

test("a file of another time is sent only if its content differs", async () => {
  const { source, workspace, pushAndTell } = await useRecordedPush();
  for (const name of ["same", "other"]) await writeFile(path.join(source, name), "content");
  await pushAndTell();
  for (const name of ["same", "other"]) await utimes(path.join(source, name), LONG_AGO, LONG_AGO);
  await writeFile(path.join(workspace, "other"), "CONTENT");
  expect((await pushAndTell()).changes).toEqual(["write_file other"]);
  expect(await readFile(path.join(workspace, "other"), "utf8")).toBe("content");
});

test("a change inside of the second of the last push is seen", async () => {
  const { source, workspace, push } = await usePush();
  await writeFile(path.join(source, "f"), "one");
  await push();
  await writeFile(path.join(source, "f"), "two");
  await push();
  expect(await readFile(path.join(workspace, "f"), "utf8")).toBe("two");
});

test("another mode alone changes the mode alone", async () => {
  const { source, workspace, pushAndTell } = await useRecordedPush();
  await mkdir(path.join(source, "d"));
  await writeFile(path.join(source, "d/f"), "x");
  await pushAndTell();
  await chmod(path.join(source, "d/f"), 0o700);
  await chmod(path.join(source, "d"), 0o710);
  expect((await pushAndTell()).changes).toEqual(["make_directory d", "set_mode d/f"]);
  expect((await stat(path.join(workspace, "d/f"))).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(workspace, "d"))).mode & 0o777).toBe(0o710);
});

test("what only the workspace has stays, and so does every .git on both sides", async () => {
  const { source, workspace, push } = await usePush();
  await mkdir(path.join(workspace, "nested/.git"), { recursive: true });
  await writeFile(path.join(workspace, "nested/.git/HEAD"), "the guest's");
  await writeFile(path.join(workspace, "mine"), "the guest's");
  await mkdir(path.join(source, "nested/.git"), { recursive: true });
  await writeFile(path.join(source, "nested/.git/HEAD"), "the host's");
  await writeFile(path.join(source, "nested/f"), "x");
  expect(await push()).toMatchObject({ entryCount: 2 });
  expect(await readFile(path.join(workspace, "nested/.git/HEAD"), "utf8")).toBe("the guest's");
  expect(await readFile(path.join(workspace, "mine"), "utf8")).toBe("the guest's");
});

const MAKERS = {
  file: (at: string) => writeFile(at, "file"),
  directory: async (at: string) => {
    await mkdir(at);
    await writeFile(path.join(at, "inside"), "inside");
  },
  symlink: (at: string) => symlink("elsewhere", at),
} as const;

test.each([
  ["file", "directory"],
  ["file", "symlink"],
  ["directory", "file"],
  ["directory", "symlink"],
  ["symlink", "file"],
  ["symlink", "directory"],
] as const)("a %s of the source replaces a %s of the workspace", async (ours, theirs) => {
  const { source, workspace, push } = await usePush();
  await mkdir(path.join(workspace, "elsewhere"));
  await writeFile(path.join(workspace, "elsewhere/kept"), "kept");
  await MAKERS[ours](path.join(source, "x"));
  await MAKERS[theirs](path.join(workspace, "x"));
  await push();
  const found = await lstat(path.join(workspace, "x"));
  expect([found.isFile(), found.isDirectory(), found.isSymbolicLink()]).toEqual([
    ours === "file",
    ours === "directory",
    ours === "symlink",
  ]);
  if (ours === "directory") expect(await readdir(path.join(workspace, "x"))).toEqual(["inside"]);
  expect(await readdir(path.join(workspace, "elsewhere"))).toEqual(["kept"]);
});

test("a link of the source that leads elsewhere is changed, not followed", async () => {
  const { source, workspace, push } = await usePush();
  await symlink("new", path.join(source, "l"));
  await symlink("old", path.join(workspace, "l"));
  await writeFile(path.join(workspace, "old"), "old");
  await push();
  expect(await readlink(path.join(workspace, "l"))).toBe("new");
  expect(await readFile(path.join(workspace, "old"), "utf8")).toBe("old");
});

test("names of one file stay names of one file, and are not sent again", async () => {
  const { source, workspace, pushAndTell } = await useRecordedPush();
  await writeFile(path.join(source, "a"), "content");
  await link(path.join(source, "a"), path.join(source, "b"));
  expect((await pushAndTell()).changes).toEqual(["write_file a", "make_hard_link b"]);
  expect((await stat(path.join(workspace, "a"))).ino).toBe((await stat(path.join(workspace, "b"))).ino);
  expect((await pushAndTell()).changes).toEqual([]);
  await writeFile(path.join(source, "b"), "another");
  expect((await pushAndTell()).changes).toEqual(["write_file a", "remove b", "make_hard_link b"]);
  expect(await readFile(path.join(workspace, "b"), "utf8")).toBe("another");
});

test("a destination is made when it is missing, and files go below it", async () => {
  const { source, workspace, push } = await usePush();
  await writeFile(path.join(source, "f"), "x");
  expect(await push({ dest: "vendor/lib/" })).toMatchObject({ destination: "/workspace/vendor/lib" });
  expect(await readdir(path.join(workspace, "vendor/lib"))).toEqual(["f"]);
  await rm(path.join(source, "f"));
  await push({ dest: "empty" });
  expect(await readdir(path.join(workspace, "empty"))).toEqual([]);
});

test.each([
  ["../outside", "path_outside_workspace"],
  ["/etc", "path_outside_workspace"],
  [".git", "invalid_input"],
  ["sub/.git/hooks", "invalid_input"],
  ["file", "invalid_input"],
])("the destination %s is refused", async (dest, code) => {
  const { source, workspace, push } = await usePush();
  await writeFile(path.join(source, "f"), "x");
  await writeFile(path.join(workspace, "file"), "kept");
  await expect(push({ dest })).rejects.toMatchObject({ code });
  expect(await readdir(workspace)).toEqual(["file"]);
});

test("a source that is none is refused", async () => {
  const { source, push } = await usePush();
  await writeFile(path.join(source, "notes.txt"), "x");
  for (const sourcePath of [path.join(source, "missing"), path.join(source, "notes.txt"), "/"]) {
    await expect(push({ sourcePath })).rejects.toMatchObject({ code: "seed_unusable" });
  }
});

test("holes are not sent", async () => {
  const { source, workspace, push } = await usePush();
  await writeFile(path.join(source, "sparse"), "start");
  await truncate(path.join(source, "sparse"), 8 * 1024 * 1024);
  const sent: number[] = [];
  await push({ onProgress: ({ bytes }) => sent.push(bytes) });
  expect(sent.at(-1)).toBe(64 * 1024);
  const content = await readFile(path.join(workspace, "sparse"));
  expect(content.length).toBe(8 * 1024 * 1024);
  expect(content.subarray(0, 6).toString()).toBe("start\0");
});

test("a push leaves nothing in its scratch directory", async () => {
  const { source, scratchDir, push } = await usePush();
  await writeFile(path.join(source, "f"), "x");
  await push();
  expect(await readdir(scratchDir)).toEqual([]);
});
