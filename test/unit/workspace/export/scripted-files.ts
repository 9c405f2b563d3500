// A guest that sends exactly what a test says, however absurd.

import type { Fetched, GuestEntry, GuestFiles } from "../../../../src/guest/files.js";

export class ScriptedFiles implements GuestFiles {
  readonly #stats: ReadonlyMap<string, GuestEntry>;
  readonly #script: Iterable<Fetched> | AsyncIterable<Fetched>;

  /** `script` is what a fetch sends; `stats` is what a stat finds, else directories. */
  constructor(script: Iterable<Fetched> | AsyncIterable<Fetched>, stats: readonly GuestEntry[] = []) {
    this.#script = script;
    this.#stats = new Map(stats.map((each) => [each.path, each]));
  }

  stat(paths: readonly string[]): Promise<readonly GuestEntry[]> {
    return Promise.resolve(paths.map((path) => this.#stats.get(path) ?? directory(path)));
  }

  async *fetch(_paths: unknown, _options: unknown, signal?: AbortSignal): AsyncGenerator<Fetched> {
    for await (const thing of this.#script) {
      signal?.throwIfAborted();
      yield thing;
    }
  }

  walk(): never {
    throw new Error("an export does not walk");
  }

  read(): never {
    throw new Error("an export does not read");
  }

  apply(): never {
    throw new Error("an export changes nothing");
  }
}

const DEFAULTS = {
  sizeBytes: 0,
  mtimeNs: 1_700_000_000_000_000_000n,
  ctimeNs: 1_700_000_000_000_000_000n,
  linkTarget: undefined,
  linkId: undefined,
} as const;

export function directory(path: string, mode = 0o755): GuestEntry {
  return { ...DEFAULTS, path, type: "directory", mode };
}

export function file(path: string, sizeBytes: number, more: Partial<GuestEntry> = {}): GuestEntry {
  return { ...DEFAULTS, path, type: "file", mode: 0o644, sizeBytes, ...more };
}

export function symlink(path: string, linkTarget: string): GuestEntry {
  return { ...DEFAULTS, path, type: "symlink", mode: 0o777, linkTarget };
}

export function device(path: string): GuestEntry {
  return { ...DEFAULTS, path, type: "other", mode: 0o666 };
}

export function begin(entry: GuestEntry): Fetched {
  return { kind: "entry", entry };
}

export function data(text: string, offset = 0): Fetched {
  return { kind: "data", offset, bytes: Buffer.from(text, "latin1") };
}

export function end(problem?: string): Fetched {
  return { kind: "end", sha256: undefined, problem };
}

/** A whole file. */
export function content(path: string, text: string, more: Partial<GuestEntry> = {}): Fetched[] {
  return [begin(file(path, text.length, more)), data(text), end()];
}
