// Writes a plan as the layer's tar, and tells what came of it: the tree may change under our hands.

import type { Stats } from "node:fs";
import { open } from "node:fs/promises";
import { isSystemError } from "../../contract/errors.js";
import { compareBytePaths } from "../../platform/byte-path.js";
import type { DeferredRecord } from "../deferred-record.js";
import type { SeedEntry } from "../seed.js";
import { chooseDeferred, type TarBudget } from "./choose-deferred.js";
import { type Content, openContent, type OpenedContent } from "./content.js";
import { type FreezeContext, makeBreather, toSeedMtime } from "./freeze-context.js";
import type { Plan, PlannedEntry, PlannedFile } from "./plan.js";
import type { SkippedPaths } from "./skipped-paths.js";
import { TarWriter } from "./tar-writer.js";

export interface WrittenLayer {
  /** In order of the paths' bytes. */
  readonly entries: readonly SeedEntry[];
  readonly deferred: readonly DeferredRecord[];
  readonly tarBytes: number;
  readonly tarSha256: string;
}

export async function writeLayer(
  tarPath: string,
  plan: Plan,
  budget: TarBudget,
  context: FreezeContext,
  skipped: SkippedPaths,
): Promise<WrittenLayer> {
  const file = await open(tarPath, "wx", 0o600);
  try {
    const layer = new LayerWriter(new TarWriter(file), budget, context, skipped);
    await layer.writeRoot(plan.rootMtime);
    await layer.write(plan.entries);
    await layer.write(await plan.late(layer.changedPaths));
    return await layer.end();
  } finally {
    await file.close();
  }
}

class LayerWriter {
  readonly changedPaths = new Set<string>();
  readonly #tar: TarWriter;
  readonly #budget: TarBudget;
  readonly #context: FreezeContext;
  readonly #skipped: SkippedPaths;
  readonly #entries: SeedEntry[] = [];
  readonly #deferred: (DeferredRecord & { readonly links: string[] })[] = [];
  /** The first name of each file that has several; undefined: it was left out. */
  readonly #firstNames = new Map<string, string | undefined>();
  #usedBytes = 0;

  constructor(tar: TarWriter, budget: TarBudget, context: FreezeContext, skipped: SkippedPaths) {
    this.#tar = tar;
    this.#budget = budget;
    this.#context = context;
    this.#skipped = skipped;
  }

  async writeRoot(mtime: number): Promise<void> {
    await this.#tar.add({ type: "directory", name: "./", mode: 0o755, mtime });
    await this.#tar.add({ type: "directory", name: "./workspace/", mode: 0o755, mtime });
  }

  async write(entries: readonly PlannedEntry[]): Promise<void> {
    const deferred = chooseDeferred(entries, this.#budget, this.#usedBytes);
    const total = entries.reduce((sum, entry) => sum + sizeInTar(entry, deferred), this.#usedBytes);
    const breathe = makeBreather(this.#context, { phase: "write", unit: "bytes", total });
    for (const entry of entries) {
      await breathe(this.#usedBytes);
      if (entry.type === "file")
        await this.#writeFile(entry, deferred.has(entry) || entry.sizeBytes > this.#budget.fileMaxBytes);
      else await this.#writeOther(entry);
    }
  }

  async end(): Promise<WrittenLayer> {
    const { sizeBytes, sha256 } = await this.#tar.end();
    return {
      entries: this.#entries.sort(compareBytePaths),
      deferred: this.#deferred,
      tarBytes: sizeBytes,
      tarSha256: sha256,
    };
  }

  async #writeOther(entry: Exclude<PlannedEntry, PlannedFile>): Promise<void> {
    const { type, path, mtime } = entry;
    if (type === "directory") {
      await this.#tar.add({ type, name: `${nameInTar(path)}/`, mode: entry.mode, mtime });
    } else {
      await this.#tar.add({ type, name: nameInTar(path), mode: 0o777, mtime, linkName: entry.target });
    }
    this.#entries.push(entry);
  }

  async #writeFile(file: PlannedFile, isDeferred: boolean): Promise<void> {
    const { path, linkId, content } = file;
    if (linkId !== undefined && this.#firstNames.has(linkId)) {
      await this.#writeLink(path, this.#firstNames.get(linkId));
      return;
    }
    const opened = this.#open(file);
    if (linkId !== undefined && !isReplaced(file, opened)) this.#firstNames.set(linkId, opened && path);
    if (!opened) return;
    try {
      if (isDeferred && content.kind !== "bytes") {
        const { type, mode, mtime, sizeBytes } = file;
        this.#entries.push({ type, path, mode, mtime, sizeBytes, offset: undefined });
        this.#deferred.push({ path, links: [], content: toDeferredContent(content) });
      } else {
        await this.#writeContent(file, opened);
      }
    } finally {
      opened.close();
    }
  }

  async #writeContent(file: PlannedFile, opened: OpenedContent): Promise<void> {
    const { path } = file;
    const {
      mode,
      mtime,
      sizeBytes: announced,
    } = opened.changed ? this.#noteChange(file, opened.changed) : file;
    const header = { type: "file" as const, name: nameInTar(path), mode, mtime, sizeBytes: announced };
    const { offset, sizeBytes } = await this.#tar.addFile(header, (...place) => opened.read(...place));
    this.#entries.push({ type: "file", path, mode, mtime, sizeBytes, offset });
    this.#usedBytes += sizeBytes;
  }

  /** A file that changed since it was listed: as it is now, unless it has become too large. */
  #noteChange({ path, sizeBytes }: PlannedFile, now: Stats) {
    this.changedPaths.add(path);
    return {
      mode: now.mode & 0o777,
      mtime: toSeedMtime(now.mtimeMs, this.#context),
      sizeBytes: now.size <= this.#budget.fileMaxBytes ? now.size : sizeBytes,
    };
  }

  async #writeLink(path: string, existingPath: string | undefined): Promise<void> {
    if (existingPath === undefined) {
      this.#skipped.add(path, "the file cannot be read");
      return;
    }
    this.#entries.push({ type: "hard_link", path, existingPath });
    const deferred = this.#deferred.find((record) => record.path === existingPath);
    if (deferred) deferred.links.push(path);
    else
      await this.#tar.add({
        type: "hard_link",
        name: nameInTar(path),
        mode: 0o644,
        mtime: 0,
        linkName: nameInTar(existingPath),
      });
  }

  #open({ path, content }: PlannedFile): OpenedContent | undefined {
    try {
      const opened = openContent(content, this.#context.request.seedDir);
      if (!opened) this.#skipped.add(path, "it vanished while the seed was made");
      return opened;
    } catch (error) {
      if (content.kind !== "host" || !isSystemError(error, "EACCES", "EPERM", "EIO", "ESTALE")) throw error;
      this.#skipped.add(path, "the file cannot be read");
      return undefined;
    }
  }
}

function nameInTar(path: string): string {
  return `./workspace/${path}`;
}

function sizeInTar(entry: PlannedEntry, deferred: ReadonlySet<PlannedEntry>): number {
  return entry.type === "file" && !deferred.has(entry) ? entry.sizeBytes : 0;
}

/** Whether another file has this name now: other names of the listed one are not names of it. */
function isReplaced({ content }: PlannedFile, opened: OpenedContent | undefined): boolean {
  return (
    content.kind === "host" && opened?.changed !== undefined && opened.changed.ino !== content.identity.ino
  );
}

function toDeferredContent(content: Exclude<Content, { kind: "bytes" }>): DeferredRecord["content"] {
  return content.kind === "host" ? { kind: "host", identity: content.identity } : content;
}
