// Takes the entries of an archive one by one.

import { PyroError } from "../../contract/errors.js";
import { toReadablePath } from "../../platform/byte-path.js";
import { type FreezeContext, makeBreather, toSeedMtime } from "../freeze/freeze-context.js";
import { checkContentSize, checkEntryCount } from "../freeze/seed-limits.js";
import type { SkippedPaths } from "../freeze/skipped-paths.js";
import { type ArchiveHeader, type RawHeader, readArchiveHeader } from "./archive-header.js";
import { ArchiveTree } from "./archive-tree.js";
import { parseEntryName } from "./entry-name.js";
import type { Spool } from "./spool.js";

export class ArchiveReader {
  readonly tree = new ArchiveTree();
  readonly #spool: Spool;
  readonly #skipped: SkippedPaths;
  readonly #context: FreezeContext;
  readonly #breathe: (current: number) => Promise<void> | undefined;
  #entryCount = 0;
  #contentBytes = 0;
  #hadUnknown = false;

  constructor(spool: Spool, skipped: SkippedPaths, context: FreezeContext) {
    this.#spool = spool;
    this.#skipped = skipped;
    this.#context = context;
    this.#breathe = makeBreather(context, { phase: "read", unit: "bytes", total: undefined });
  }

  /** What to tell whoever has an archive that turns out to be unsound. */
  get hint(): string {
    return this.#hadUnknown
      ? "Make it anew without --sparse: such archives cannot be read."
      : "It may be incomplete; try `tar --list --file` on it.";
  }

  /** Reads `content` to its end. */
  async add(rawHeader: RawHeader, content: AsyncIterable<unknown>): Promise<void> {
    const header = readArchiveHeader(rawHeader);
    this.#entryCount += 1;
    checkEntryCount(this.#entryCount);
    // As announced: a bomb is not unpacked to be measured.
    if (header.kind === "file") checkContentSize(this.#contentBytes + header.sizeBytes);
    await this.#breathe(this.#contentBytes);
    const path = parseEntryName(header.name);
    const problem = header.problem ?? (path === undefined ? "its name is too long" : undefined);
    this.#hadUnknown ||= header.kind === "unsupported";
    if (path === undefined || problem !== undefined) this.#skipped.add(header.name, problem ?? "");
    else if (header.kind === "file" && path !== "") await this.#addFile(path, header, content);
    else this.#addOther(path, header);
    for await (const _rest of content);
  }

  async #addFile(
    path: string,
    { mode, mtimeMs }: ArchiveHeader,
    content: AsyncIterable<unknown>,
  ): Promise<void> {
    const { sizeBytes, ...piece } = await this.#spool.add(content);
    this.#contentBytes += sizeBytes;
    this.tree.put(path, {
      type: "file",
      id: this.#entryCount,
      mode,
      mtime: toSeedMtime(mtimeMs, this.#context),
      sizeBytes,
      piece,
    });
  }

  #addOther(path: string, { kind, name, linkName, mode, mtimeMs }: ArchiveHeader): void {
    const mtime = toSeedMtime(mtimeMs, this.#context);
    if (kind === "directory") this.tree.putDirectory(path, mode, mtime);
    else if (path === "") throw rootIsNoDirectory(name);
    else if (kind === "symlink") this.tree.put(path, { type: "symlink", target: linkName, mtime });
    else this.#addHardLink(path, linkName);
  }

  /** Where it leads to is a name in the archive as well. */
  #addHardLink(path: string, linkName: string): void {
    const existing = parseEntryName(linkName);
    const node = existing === undefined || existing === "" ? undefined : this.tree.find(existing);
    if (node) this.tree.put(path, node);
    else this.#skipped.add(path, "a hard link to nothing in the archive");
  }
}

function rootIsNoDirectory(name: string): PyroError {
  return new PyroError(
    "seed_unusable",
    `the archive has a top that is no directory: ${toReadablePath(name)}`,
  );
}
