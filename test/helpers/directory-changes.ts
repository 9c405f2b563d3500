// The changes of GuestFiles.apply on a directory of this machine, one after the other. Not atomic: the caller is.

import { createHash } from "node:crypto";
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  realpath,
  rm,
  rmdir,
  symlink,
  utimes,
} from "node:fs/promises";
import { isSystemError, PyroError } from "../../src/contract/errors.js";
import type { ApplyResult, FileChange } from "../../src/guest/files.js";

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

export async function applyToDirectory(
  root: Buffer,
  changes: Iterable<FileChange> | AsyncIterable<FileChange>,
): Promise<ApplyResult> {
  const result = { createdCount: 0, replacedCount: 0, removedCount: 0, bytesWritten: 0 };
  for await (const change of changes) {
    const there = await modeAt(root, change.path);
    await applyOne(root, change);
    if (change.kind === "remove") result.removedCount += there === undefined ? 0 : 1;
    else if (there === undefined) result.createdCount++;
    else result.replacedCount++;
    if (change.kind === "write_file") result.bytesWritten += change.sizeBytes;
  }
  return result;
}

/** Where `entryPath` is, its links but the last followed; `path_not_found` when its parent does not exist. */
export async function locateBelow(root: Buffer, entryPath: string): Promise<Buffer> {
  if (entryPath === "") return root;
  const cut = entryPath.lastIndexOf("/");
  const parent = cut < 0 ? root : join(root, entryPath.slice(0, cut));
  const name = entryPath.slice(cut + 1);
  try {
    const resolved = await realpath(parent, "buffer");
    const realRoot = await realpath(root, "buffer");
    if (
      !resolved.equals(realRoot) &&
      !resolved.toString("latin1").startsWith(`${realRoot.toString("latin1")}/`)
    ) {
      throw new PyroError("path_outside_workspace", `${entryPath} leads out of the directory`);
    }
    return join(resolved, name);
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    throw new PyroError("path_not_found", `there is no ${entryPath}`, { cause: error });
  }
}

async function applyOne(root: Buffer, change: FileChange): Promise<void> {
  if (change.kind !== "remove" && change.kind !== "set_mode") await makeParents(root, change.path);
  switch (change.kind) {
    case "write_file":
      return writeWhole(root, change);
    case "make_directory": {
      const at = await locateBelow(root, change.path);
      await mkdir(at, { recursive: true });
      return chmod(at, change.mode ?? DIRECTORY_MODE);
    }
    case "make_symlink":
      return symlink(Buffer.from(change.target, "latin1"), await locateBelow(root, change.path));
    case "make_hard_link":
      return link(await locateBelow(root, change.existingPath), await locateBelow(root, change.path));
    case "remove":
      return remove(root, change);
    case "set_mode":
      return chmod(await locateBelow(root, change.path), change.mode);
  }
}

async function writeWhole(root: Buffer, change: FileChange & { kind: "write_file" }): Promise<void> {
  const there = await modeAt(root, change.path);
  if (change.mustNotExist === true && there !== undefined) throw conflict(change.path);
  await expectContent(root, change);
  const chunks = Buffer.alloc(change.sizeBytes);
  for await (const { offset, bytes } of change.content) chunks.set(bytes, offset);
  const at = await locateBelow(root, change.path);
  const file = await open(at, "w");
  try {
    await file.writeFile(chunks);
  } finally {
    await file.close();
  }
  await chmod(at, change.mode ?? there ?? FILE_MODE);
  if (change.mtimeNs !== undefined) {
    const seconds = Number(change.mtimeNs) / 1e9;
    await utimes(at, seconds, seconds);
  }
}

async function remove(root: Buffer, change: FileChange & { kind: "remove" }): Promise<void> {
  await expectContent(root, change);
  const at = await locateBelow(root, change.path);
  if (change.onlyEmptyDirectory !== true) return rm(at, { recursive: true });
  try {
    await rmdir(at);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "ENOENT", "ENOTDIR")) throw error;
  }
}

async function expectContent(
  root: Buffer,
  { path, expectedSha256 }: { readonly path: string; readonly expectedSha256?: string | undefined },
): Promise<void> {
  if (expectedSha256 === undefined) return;
  const content = await readFile(join(root, path)).catch(() => {
    throw conflict(path);
  });
  if (createHash("sha256").update(content).digest("hex") !== expectedSha256) throw conflict(path);
}

async function makeParents(root: Buffer, entryPath: string): Promise<void> {
  const cut = entryPath.lastIndexOf("/");
  if (cut < 0) return;
  try {
    await mkdir(join(root, entryPath.slice(0, cut)), { recursive: true });
  } catch (error) {
    throw new PyroError("invalid_input", `a parent of ${entryPath} is no directory`, { cause: error });
  }
}

async function modeAt(root: Buffer, entryPath: string): Promise<number | undefined> {
  return lstat(join(root, entryPath)).then(
    (stats) => stats.mode & 0o7777,
    () => undefined,
  );
}

function conflict(entryPath: string): PyroError {
  return new PyroError("conflict", `${entryPath} was changed meanwhile`);
}

function join(root: Buffer, entryPath: string): Buffer {
  return Buffer.concat([root, Buffer.from(`/${entryPath}`, "latin1")]);
}
