// The tree that an archive unpacks to: what comes later takes the place of what came before.

import type { StoredPiece } from "../deferred-record.js";
import type { PlannedEntry } from "../freeze/plan.js";
import { compareBytePaths } from "../../platform/byte-path.js";

export interface ArchivedFile {
  readonly type: "file";
  /** Names of one file have one id. */
  readonly id: number;
  readonly mode: number;
  readonly mtime: number;
  readonly sizeBytes: number;
  readonly piece: StoredPiece;
}

export interface ArchivedSymlink {
  readonly type: "symlink";
  readonly target: string;
  readonly mtime: number;
}

interface Directory {
  readonly type: "directory";
  mode: number;
  mtime: number;
  readonly children: Map<string, Node>;
}

type Node = ArchivedFile | ArchivedSymlink | Directory;

const IMPLIED_MODE = 0o755;

export class ArchiveTree {
  readonly #root: Directory = makeDirectory(0);

  get rootMtime(): number {
    return this.#root.mtime;
  }

  /** `path`: a plain one; "" is the root. */
  putDirectory(path: string, mode: number, mtime: number): void {
    const directory = this.#makeDirectories(path === "" ? [] : path.split("/"), mtime);
    directory.mode = mode;
    directory.mtime = mtime;
  }

  /** Makes the parents that are missing, or that something else is in the place of. */
  put(path: string, node: ArchivedFile | ArchivedSymlink): void {
    const names = path.split("/");
    const name = names.pop() ?? "";
    this.#makeDirectories(names, node.mtime).children.set(name, node);
  }

  /** The file or link at a plain path; no link is followed. */
  find(path: string): ArchivedFile | ArchivedSymlink | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path.split("/"))
      node = node?.type === "directory" ? node.children.get(name) : undefined;
    return node?.type === "directory" ? undefined : node;
  }

  /** In order of the paths' bytes. */
  plan(): PlannedEntry[] {
    const entries: PlannedEntry[] = [];
    const remaining: [string, Directory][] = [["", this.#root]];
    for (let next = remaining.pop(); next; next = remaining.pop()) {
      const [start, directory] = next;
      for (const [name, node] of directory.children) {
        const path = `${start}${name}`;
        entries.push(planNode(path, node));
        if (node.type === "directory") remaining.push([`${path}/`, node]);
      }
    }
    return entries.sort(compareBytePaths);
  }

  #makeDirectories(names: readonly string[], mtime: number): Directory {
    let directory = this.#root;
    for (const name of names) {
      const found = directory.children.get(name);
      const next = found?.type === "directory" ? found : makeDirectory(mtime);
      if (next !== found) directory.children.set(name, next);
      directory = next;
    }
    return directory;
  }
}

function makeDirectory(mtime: number): Directory {
  return { type: "directory", mode: IMPLIED_MODE, mtime, children: new Map() };
}

function planNode(path: string, node: Node): PlannedEntry {
  switch (node.type) {
    case "directory":
      return { type: "directory", path, mode: node.mode, mtime: node.mtime };
    case "symlink":
      return { type: "symlink", path, target: node.target, mtime: node.mtime };
    case "file": {
      const { id, mode, mtime, sizeBytes, piece } = node;
      const content = { kind: "stored", ...piece } as const;
      return { type: "file", path, mode, mtime, sizeBytes, content, linkId: String(id) };
    }
  }
}
