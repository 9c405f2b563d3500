// Takes what a guest sends for an export, believes none of it, and has it staged.

import type { Fetched, FilePiece, GuestEntry } from "../../guest/files.js";
import { parentOf, toReadablePath } from "../../platform/byte-path.js";
import type { SkippedPaths } from "../../seed/freeze/skipped-paths.js";
import { checkEntry, relativeToExport } from "./entry-rules.js";
import type { ExportBudget } from "./export-budget.js";
import { hostileGuest } from "./hostile-guest.js";
import { judgeLink } from "./link-rules.js";
import type { StagedFile } from "./staged-file.js";
import type { StagedTree } from "./staged-tree.js";
import { whyUnstorable } from "./unstorable.js";

export interface ExportReceiverOptions {
  /** What is exported, a byte path relative to /workspace. */
  readonly exported: string;
  readonly tree: StagedTree;
  /** Longest path in the tree that the host can take, bytes. */
  readonly maxPathBytes: number;
  readonly budget: ExportBudget;
  readonly skipped: SkippedPaths;
}

/** A file between its entry and its end. */
interface OpenFile {
  readonly path: string;
  readonly entry: GuestEntry;
  /** Undefined: its content is thrown away. */
  readonly staged: StagedFile | undefined;
}

export interface ReceivedExport {
  /** What is exported, as the guest sent it; undefined when there is nothing. */
  readonly root: GuestEntry | undefined;
  /** Entries made; an exported directory itself does not count. */
  readonly entryCount: number;
  /** Of files' contents; holes do not count. */
  readonly bytesWritten: number;
}

/** Disposal closes a file that was broken off. */
export class ExportReceiver implements AsyncDisposable {
  readonly #options: ExportReceiverOptions;
  /** Paths relative to what is exported, as all others here. */
  readonly #skippedDirectories = new Set<string>();
  #file: OpenFile | undefined;
  #root: GuestEntry | undefined;
  #entryCount = 0;
  #bytesWritten = 0;

  constructor(options: ExportReceiverOptions) {
    this.#options = options;
  }

  /** Errors: `export_refused`, `out_of_disk`, and system errors of the host's file system. */
  async receive(thing: Fetched): Promise<void> {
    switch (thing.kind) {
      case "entry":
        return this.#begin(thing.entry);
      case "missing":
        this.#expectNoFile();
        return;
      case "data":
        return this.#write(thing);
      case "end":
        return this.#end(thing.problem);
    }
  }

  /** After the last message. */
  async finish(): Promise<ReceivedExport> {
    this.#expectNoFile();
    await this.#options.tree.finish();
    return { root: this.#root, entryCount: this.#entryCount, bytesWritten: this.#bytesWritten };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.staged?.close();
  }

  async #begin(entry: GuestEntry): Promise<void> {
    this.#expectNoFile();
    checkEntry(entry);
    const path = relativeToExport(entry.path, this.#options.exported);
    await this.#options.budget.takeEntry(path.length + (entry.linkTarget?.length ?? 0));
    if (path === "") this.#root ??= entry;
    const staged = this.#isWanted(path, entry) ? await this.#stage(path, entry) : undefined;
    if (entry.type === "file") this.#file = { path, entry, staged };
  }

  /** False below a directory that was left out. */
  #isWanted(path: string, entry: GuestEntry): boolean {
    const parent = parentOf(path);
    if (path === "" || this.#options.tree.hasDirectory(parent)) return true;
    if (!this.#skippedDirectories.has(parent))
      throw hostileGuest("an entry without its directory", entry.path);
    if (entry.type === "directory") this.#skippedDirectories.add(path);
    return false;
  }

  /** The file to fill, when there is one. */
  async #stage(path: string, entry: GuestEntry): Promise<StagedFile | undefined> {
    const { tree } = this.#options;
    const objection = this.#judge(path, entry);
    if (objection !== undefined) {
      this.#skip(path, entry, objection);
      return undefined;
    }
    try {
      if (entry.type === "directory") await tree.makeDirectory(path, entry);
      if (entry.type === "symlink") await tree.makeSymlink(path, entry);
      const staged = entry.type === "file" ? await tree.makeFile(path, entry) : undefined;
      if (path !== "" || entry.type === "file") this.#entryCount++;
      return staged;
    } catch (error) {
      this.#skip(path, entry, whyUnstorable(error));
      return undefined;
    }
  }

  #judge(path: string, { type, linkTarget = "" }: GuestEntry): string | undefined {
    if (type === "other") return "a device, FIFO or socket";
    if (path.length > this.#options.maxPathBytes) return "its path is too long for this host";
    const objection = type === "symlink" ? judgeLink(path, linkTarget) : undefined;
    return objection && `${objection}: ${toReadablePath(linkTarget)}`;
  }

  #skip(path: string, entry: GuestEntry, reason: string): void {
    // A second directory of one name stands for the first one, which is there.
    if (entry.type === "directory") this.#skippedDirectories.add(path);
    this.#options.skipped.add(path, reason);
  }

  async #write(piece: FilePiece): Promise<void> {
    const file = this.#expectFile();
    await this.#options.budget.takeBytes(piece.bytes.length);
    try {
      await file.staged?.write(piece);
    } catch (error) {
      await this.#giveUp(file, whyUnstorable(error));
    }
  }

  async #end(problem: string | undefined): Promise<void> {
    const file = this.#expectFile();
    if (problem !== undefined) await this.#giveUp(file, `it could not be read whole: ${problem}`);
    else if (file.staged) await this.#complete(file, file.staged);
    this.#file = undefined;
  }

  async #complete(file: OpenFile, staged: StagedFile): Promise<void> {
    try {
      await staged.finish({ flush: file.path === "" });
      this.#bytesWritten += staged.bytesWritten;
    } catch (error) {
      await this.#giveUp(file, whyUnstorable(error));
    }
  }

  /** Leaves out a file of which a part is there. */
  async #giveUp(file: OpenFile, reason: string): Promise<void> {
    this.#file = { ...file, staged: undefined };
    if (!file.staged) return;
    await file.staged.discard();
    this.#entryCount--;
    this.#skip(file.path, file.entry, reason);
  }

  #expectFile(): OpenFile {
    if (this.#file) return this.#file;
    throw hostileGuest("content of nothing", this.#options.exported);
  }

  #expectNoFile(): void {
    if (this.#file) throw hostileGuest("a file without an end", this.#file.entry.path);
  }
}
