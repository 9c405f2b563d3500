import {
  appendFile,
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PyroError } from "../../../../src/contract/errors.js";
import type { FileChange } from "../../../../src/guest/files.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { usePush } from "./use-push.js";

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

/** Lets a test do something before the guest takes the change at `path`. */
class WatchedFiles extends DirectoryFiles {
  readonly #path: string;
  readonly #act: () => Promise<void>;

  constructor(root: string, changePath: string, act: () => Promise<void>) {
    super(root);
    this.#path = changePath;
    this.#act = act;
  }

  override apply(changes: Iterable<FileChange> | AsyncIterable<FileChange>, signal?: AbortSignal) {
    const watched = this.#path;
    const act = this.#act;
    return super.apply(
      (async function* () {
        for await (const change of changes) {
          if (change.path === watched) await act();
          signal?.throwIfAborted();
          yield change;
        }
      })(),
    );
  }
}

/** A push of `a`, `b` and `c` over older ones, in which something happens before `b` is taken. */
async function usePushWith(act: (source: string) => Promise<void>) {
  let source = "";
  const used = await usePush((root) => new WatchedFiles(root, "b", () => act(source)));
  ({ source } = used);
  for (const name of ["a", "b", "c"]) {
    await writeFile(path.join(source, name), `new ${name}`);
    await writeFile(path.join(used.workspace, name), `older ${name}`);
  }
  return {
    ...used,
    read: () => Promise.all(["a", "b", "c"].map((name) => readFile(path.join(used.workspace, name), "utf8"))),
  };
}

const AS_IT_WAS = ["older a", "older b", "older c"];

test.each([
  ["shrinks", (file: string) => truncate(file, 2)],
  ["grows", (file: string) => appendFile(file, "more")],
  ["vanishes", (file: string) => rm(file)],
  ["becomes a directory", (file: string) => rm(file).then(() => mkdir(file))],
] as const)("a file of the source that %s in the middle leaves the workspace as it was", async (_, act) => {
  // The one after the one that is taken: it has not been opened yet.
  const { push, read } = await usePushWith((source) => act(path.join(source, "c")));
  await expect(push()).rejects.toMatchObject({
    code: "conflict",
    message: "c changed on the host while it was pushed",
  });
  expect(await read()).toEqual(AS_IT_WAS);
});

test("a file that changes while it is read leaves the workspace as it was", async () => {
  const { push, read } = await usePushWith((source) => appendFile(path.join(source, "b"), "more"));
  await expect(push()).rejects.toMatchObject({ code: "conflict" });
  expect(await read()).toEqual(AS_IT_WAS);
});

test("a cancelled push leaves the workspace as it was", async () => {
  const cancel = new AbortController();
  const { push, read, scratchDir } = await usePushWith(() => {
    cancel.abort();
    return Promise.resolve();
  });
  await expect(push({ signal: cancel.signal })).rejects.toThrow("aborted");
  expect(await read()).toEqual(AS_IT_WAS);
  expect(await readdir(scratchDir)).toEqual([]);
});

test("a guest that fails leaves the workspace as it was", async () => {
  const full = new PyroError("out_of_disk", "the guest's disk is full");
  const { push, read } = await usePushWith(() => Promise.reject(full));
  await expect(push()).rejects.toBe(full);
  expect(await read()).toEqual(AS_IT_WAS);
});

test.runIf(isRoot)("what may not be read is left out and listed, and nothing is removed for it", async () => {
  const { source, workspace, scratchDir, push } = await usePush();
  for (const each of [source, workspace, path.dirname(source)]) await chown(each, NOBODY, NOBODY);
  await mkdir(scratchDir, { recursive: true });
  await chown(scratchDir, NOBODY, NOBODY);
  await writeFile(path.join(source, "secret"), "secret");
  await chmod(path.join(source, "secret"), 0);
  await writeFile(path.join(source, "plain"), "plain");
  await mkdir(path.join(workspace, "secret"));
  process.seteuid?.(NOBODY);
  onTestFinished(() => process.seteuid?.(0));
  expect(await push()).toMatchObject({
    bytesWritten: 5,
    skipped: [{ path: "secret", reason: "the file cannot be read" }],
    skippedCount: 1,
  });
  expect((await readdir(workspace)).sort()).toEqual(["plain", "secret"]);
});
