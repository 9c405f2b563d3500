// What a guest's fetch may send: the entries asked for in their order, and content that fits them.

import type { Fetched, FetchOptions, GuestEntry } from "./files.js";
import { parseEntry } from "./file-entry.js";
import { isBelow, wrongAnswer } from "./file-path.js";
import type { Entry, FetchItem, FileData, FileEnd } from "./gen/agent/v1/agent_pb.js";
import { MAX_ENTRIES } from "./walk-check.js";

/** Longest of the agent's words about a file that we keep: it is hostile input. */
const PROBLEM_MAX = 300;
const SHA256_BYTES = 32;

export class FetchCheck {
  readonly #paths: readonly string[];
  readonly #options: FetchOptions;
  #next = 0;
  #count = 0;
  /** The last path below the one asked for. */
  #below = "";
  /** The file whose content comes now, and where what has come of it ends. */
  #file: { readonly entry: GuestEntry; end: number } | undefined;

  /** With `recursive` there is one path. */
  constructor(paths: readonly string[], options: FetchOptions) {
    this.#paths = paths;
    this.#options = options;
  }

  /** Undefined: a sign of life. */
  take({ item }: FetchItem): Fetched | undefined {
    switch (item.case) {
      case "entry":
        return this.#takeEntry(item.value);
      case "data":
        return this.#takeData(item.value);
      case "end":
        return this.#takeEnd(item.value);
      case undefined:
        throw wrongAnswer("an item that is nothing");
    }
  }

  finish(): void {
    if (this.#file || this.#next < this.#paths.length) throw wrongAnswer("a fetch that stops early");
  }

  #takeEntry(message: Entry): Fetched {
    if (this.#file) throw wrongAnswer("a file without an end");
    if (++this.#count > MAX_ENTRIES) throw wrongAnswer("too many entries");
    const entry = parseEntry(message);
    this.#checkOrder(typeof entry === "string" ? entry : entry.path);
    if (typeof entry === "string") return { kind: "missing", path: entry };
    if (entry.type === "file") this.#file = { entry, end: 0 };
    return { kind: "entry", entry };
  }

  #checkOrder(path: string): void {
    const expected = this.#paths[this.#next];
    if (expected !== undefined && path === expected) {
      this.#next++;
      return;
    }
    const [top = ""] = this.#paths;
    const isExpected = this.#options.recursive === true && this.#next > 0 && isBelow(path, top);
    if (!isExpected || path <= this.#below) throw wrongAnswer("an entry that was not asked for");
    this.#below = path;
  }

  #takeData({ offset, bytes }: FileData): Fetched | undefined {
    const file = this.#file;
    if (!file) throw wrongAnswer("content of no file");
    if (bytes.length === 0) return undefined;
    const { sizeBytes } = file.entry;
    const { maxFileBytes = 0 } = this.#options;
    const limit = maxFileBytes > 0 && sizeBytes > maxFileBytes ? 0 : sizeBytes;
    if (offset < BigInt(file.end) || offset + BigInt(bytes.length) > BigInt(limit)) {
      throw wrongAnswer("content outside of its file");
    }
    file.end = Number(offset) + bytes.length;
    return { kind: "data", offset: Number(offset), bytes };
  }

  #takeEnd({ sha256, problem }: FileEnd): Fetched {
    if (!this.#file) throw wrongAnswer("the end of no file");
    if (sha256.length !== 0 && sha256.length !== SHA256_BYTES) throw wrongAnswer("a digest that is none");
    this.#file = undefined;
    return {
      kind: "end",
      sha256: sha256.length === 0 ? undefined : Buffer.from(sha256).toString("hex"),
      problem: problem === "" ? undefined : problem.slice(0, PROBLEM_MAX),
    };
  }
}
