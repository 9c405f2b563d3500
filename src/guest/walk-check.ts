// What a guest's walk may report: each thing once, in order, where it was asked for.

import type { GuestEntry, WalkOptions, WalkResult } from "./files.js";
import { parseEntry } from "./file-entry.js";
import { decodePath, isBelow, isGuestPath, wrongAnswer } from "./file-path.js";
import type { WalkResponse } from "./gen/agent/v1/agent_pb.js";

/** Most entries that a guest may make us keep. */
export const MAX_ENTRIES = 1_000_000;
/** Of all paths and link targets together: a million of the longest would be gigabytes. */
const MAX_NAME_BYTES = 256 * 1024 ** 2;
/** The agent merges what is more. */
const MAX_IGNORED = 1000;

export class WalkCheck {
  readonly #options: WalkOptions;
  readonly #maxNameBytes: number;
  readonly #entries: GuestEntry[] = [];
  #nameBytes = 0;
  #last: WalkResponse | undefined;

  constructor(options: WalkOptions, maxNameBytes = MAX_NAME_BYTES) {
    this.#options = options;
    this.#maxNameBytes = maxNameBytes;
  }

  /** Nothing more of the walk is kept. */
  get isFull(): boolean {
    return this.#nameBytes > this.#maxNameBytes;
  }

  add(message: WalkResponse): void {
    const { maxEntries = MAX_ENTRIES } = this.#options;
    if (this.#entries.length + message.entries.length > Math.min(maxEntries, MAX_ENTRIES)) {
      throw wrongAnswer("more entries than were asked for");
    }
    for (const each of message.entries) {
      const entry = parseEntry(each);
      if (typeof entry === "string") throw wrongAnswer("an entry that is nothing");
      const previous = this.#entries.at(-1);
      if (previous && previous.path >= entry.path) throw wrongAnswer("entries out of order");
      this.#checkPlace(entry.path);
      this.#entries.push(entry);
      this.#nameBytes += entry.path.length + (entry.linkTarget?.length ?? 0);
    }
    this.#last = message;
  }

  /** After the last message, or when it is full: then there is more than is kept. */
  finish(): WalkResult {
    if (this.isFull) return { entries: this.#entries, ignored: [], truncated: true, bootedAtNs: 0n };
    if (!this.#last) throw wrongAnswer("a walk without an end");
    const { ignored, truncated, bootedAtNs } = this.#last;
    if (ignored.length > MAX_IGNORED) throw wrongAnswer("more ignored paths than it may report");
    return {
      entries: this.#entries,
      ignored: ignored.map((each) => {
        const path = decodePath(each.path);
        if (!isGuestPath(path)) throw wrongAnswer("an impossible path");
        // What is more than it may report is counted for the directory itself.
        if (path !== (this.#options.path ?? "")) this.#checkPlace(path);
        return { path, entryCount: Math.min(Number(each.entryCount), Number.MAX_SAFE_INTEGER) };
      }),
      truncated,
      bootedAtNs,
    };
  }

  #checkPlace(path: string): void {
    const { path: top = "", recursive } = this.#options;
    if (!isBelow(path, top)) throw wrongAnswer("a path from elsewhere");
    if (!recursive && path.includes("/", top === "" ? 0 : top.length + 1)) {
      throw wrongAnswer("a path from deeper than was asked for");
    }
  }
}
