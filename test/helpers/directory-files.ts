// GuestFiles over a directory of this machine: for tests of what works on a guest's files, without a guest.
//
// Ignoring is real git's. Changes take place one after the other, and a copy of the directory comes back when one fails.

import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstat, mkdtemp, open, readdir, readlink, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { isSystemError, PyroError } from "../../src/contract/errors.js";
import type {
  ApplyResult,
  Fetched,
  FetchOptions,
  FileChange,
  GuestEntry,
  GuestFiles,
  WalkOptions,
  WalkResult,
} from "../../src/guest/files.js";
import { runProcess } from "../../src/platform/processes.js";
import { applyToDirectory, locateBelow } from "./directory-changes.js";

const PIECE_BYTES = 64 * 1024;

export class DirectoryFiles implements GuestFiles {
  /** Calls of each kind, for tests that count round trips. */
  readonly calls = { walk: 0, stat: 0, read: 0, fetch: 0, apply: 0 };
  readonly #root: Buffer;
  readonly #bootedAtNs: bigint;

  /** Without `bootedAtNs` everything looks changed since the start: times of files are too coarse to tell. */
  constructor(root: string, { bootedAtNs = 0n }: { bootedAtNs?: bigint } = {}) {
    this.#root = Buffer.from(root);
    this.#bootedAtNs = bootedAtNs;
  }

  async walk(options: WalkOptions): Promise<WalkResult> {
    this.calls.walk++;
    const ignored = options.honorGitignore === true ? await this.#findIgnored() : new Set<string>();
    const entries: GuestEntry[] = [];
    const counts = new Map<string, number>();
    const visit = async (directory: string, ignoredBy: string | undefined) => {
      for (const name of await readdir(await this.#locate(directory), { encoding: "buffer" })) {
        const entryPath = directory === "" ? toText(name) : `${directory}/${toText(name)}`;
        if (options.skipGit === true && toText(name) === ".git") continue;
        const entry = await this.#describe(entryPath);
        if (!entry) continue;
        const by = ignoredBy ?? (ignored.has(entryPath) ? entryPath : undefined);
        if (by === undefined) entries.push(entry);
        else counts.set(by, (counts.get(by) ?? 0) + 1);
        if (options.recursive && entry.type === "directory") await visit(entryPath, by);
      }
    };
    await visit(options.path ?? "", undefined);
    entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    const limit = options.maxEntries ?? entries.length;
    return {
      entries: entries.slice(0, limit),
      ignored: [...counts].map(([ignoredPath, entryCount]) => ({ path: ignoredPath, entryCount })),
      truncated: entries.length > limit,
      bootedAtNs: this.#bootedAtNs,
    };
  }

  async stat(paths: readonly string[]): Promise<readonly (GuestEntry | undefined)[]> {
    this.calls.stat++;
    return Promise.all(paths.map((each) => this.#describe(each)));
  }

  async read(
    filePath: string,
    { offset, maxBytes }: { readonly offset: number; readonly maxBytes: number },
  ): Promise<{ readonly entry: GuestEntry; readonly content: Uint8Array }> {
    this.calls.read++;
    const target = await realpath(this.#at(filePath), "buffer").catch((error: unknown) => {
      throw new PyroError("path_not_found", `there is no ${filePath}`, { cause: error });
    });
    checkInside(await realpath(this.#root, "buffer"), target);
    const entry = await describe(target, filePath);
    if (entry?.type !== "file") throw new PyroError("invalid_input", `${filePath} is no file`);
    const handle = await open(target, "r");
    try {
      const content = Buffer.alloc(Math.max(0, Math.min(maxBytes, entry.sizeBytes - offset)));
      await handle.read(content, 0, content.length, offset);
      return { entry, content };
    } finally {
      await handle.close();
    }
  }

  async *fetch(paths: readonly string[], options: FetchOptions): AsyncGenerator<Fetched> {
    this.calls.fetch++;
    for (const each of paths) {
      const entry = await this.#describe(each);
      if (!entry) yield { kind: "missing", path: each };
      else yield* this.#send(entry, options);
    }
  }

  async apply(changes: Iterable<FileChange> | AsyncIterable<FileChange>): Promise<ApplyResult> {
    this.calls.apply++;
    const root = this.#root.toString();
    const saved = await mkdtemp(path.join(os.tmpdir(), "pyro-saved-"));
    try {
      await copyTree(root, path.join(saved, "tree"));
      try {
        return await applyToDirectory(this.#root, changes);
      } catch (error) {
        await rm(root, { recursive: true });
        await copyTree(path.join(saved, "tree"), root);
        throw error;
      }
    } finally {
      await rm(saved, { recursive: true, force: true });
    }
  }

  async *#send(entry: GuestEntry, options: FetchOptions): AsyncGenerator<Fetched> {
    yield { kind: "entry", entry };
    if (entry.type === "directory" && options.recursive === true) {
      const names = await readdir(await this.#locate(entry.path), { encoding: "buffer" });
      for (const name of names.sort((a, b) => a.compare(b))) {
        const below = await this.#describe(`${entry.path}/${toText(name)}`);
        if (below) yield* this.#send(below, options);
      }
    }
    if (entry.type !== "file") return;
    const sent = entry.sizeBytes <= (options.maxFileBytes ?? Infinity);
    const hash = createHash("sha256");
    const handle = await open(await this.#locate(entry.path), "r");
    try {
      for (let offset = 0; offset < entry.sizeBytes; offset += PIECE_BYTES) {
        const bytes = Buffer.alloc(Math.min(PIECE_BYTES, entry.sizeBytes - offset));
        await handle.read(bytes, 0, bytes.length, offset);
        hash.update(bytes);
        if (sent) yield { kind: "data", offset, bytes };
      }
    } finally {
      await handle.close();
    }
    const sha256 = !sent || options.digest === true ? hash.digest("hex") : undefined;
    yield { kind: "end", sha256, problem: undefined };
  }

  #at(entryPath: string): Buffer {
    return entryPath === ""
      ? this.#root
      : Buffer.concat([this.#root, Buffer.from(`/${entryPath}`, "latin1")]);
  }

  /** Where `entryPath` is, its links but the last followed. */
  async #locate(entryPath: string): Promise<Buffer> {
    return locateBelow(this.#root, entryPath);
  }

  async #describe(entryPath: string): Promise<GuestEntry | undefined> {
    try {
      return await describe(await this.#locate(entryPath), entryPath);
    } catch (error) {
      if (error instanceof PyroError && error.code === "path_not_found") return undefined;
      throw error;
    }
  }

  /** What the .gitignore files and .git/info/exclude ignore; an empty index, so that nothing is tracked. */
  async #findIgnored(): Promise<ReadonlySet<string>> {
    const { entries } = await this.walk({ recursive: true, skipGit: true });
    this.calls.walk--;
    const root = this.#root.toString();
    const gitDir = await mkdtemp(path.join(os.tmpdir(), "pyro-ignore-"));
    try {
      await runProcess(["git", "init", "--quiet", "--bare", gitDir]);
      const chunks: Buffer[] = [];
      const stdout = new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      const config = ["-c", "core.bare=false", "-c", `core.excludesFile=${root}/.git/info/exclude`] as const;
      const place = [`--git-dir=${gitDir}`, "--work-tree=."] as const;
      const names = Buffer.from(entries.map((entry) => `${entry.path}\0`).join(""), "latin1");
      await runProcess(["git", ...config, ...place, "check-ignore", "--no-index", "-z", "--stdin"], {
        cwd: root,
        stdin: Readable.from([names]),
        stdout,
      });
      return new Set(toText(Buffer.concat(chunks)).split("\0"));
    } finally {
      await rm(gitDir, { recursive: true, force: true });
    }
  }
}

/** Names that are not UTF-8, times and links stay as they are, which fs.cp() does not promise. */
async function copyTree(from: string, to: string): Promise<void> {
  const { exitCode, stderr } = await runProcess(["cp", "-a", "--", from, to]);
  if (exitCode !== 0) throw new Error(stderr);
}

function checkInside(root: Buffer, target: Buffer): void {
  if (target.equals(root) || toText(target).startsWith(`${toText(root)}/`)) return;
  throw new PyroError("path_outside_workspace", "the path leads out of the directory");
}

async function describe(at: Buffer, entryPath: string): Promise<GuestEntry | undefined> {
  let stats: BigIntStats;
  try {
    stats = await lstat(at, { bigint: true });
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
  const type = stats.isFile()
    ? "file"
    : stats.isDirectory()
      ? "directory"
      : stats.isSymbolicLink()
        ? "symlink"
        : "other";
  return {
    path: entryPath,
    type,
    mode: Number(stats.mode & 0o7777n),
    sizeBytes: type === "file" ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    linkTarget: type === "symlink" ? toText(await readlink(at, "buffer")) : undefined,
    linkId: type === "file" && stats.nlink > 1n ? stats.ino : undefined,
  };
}

function toText(bytes: Buffer): string {
  return bytes.toString("latin1");
}
