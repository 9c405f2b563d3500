// What files cost that a process keeps open, among them those that have no name any more.

import { readdir, readlink, stat } from "node:fs/promises";

/** st_blocks counts these: stat(2). */
const BLOCK_BYTES = 512;

/**
 * The open files of one process whose name matches, all of which it has from its start to its end. They are looked for
 * once: a guest that reads many files gives its Sentry thousands of descriptors, and to look at all of them takes a
 * tenth of a second.
 */
export class OpenFiles {
  readonly #directory: string;
  readonly #name: RegExp;
  #descriptors: readonly string[] = [];

  constructor(pid: number, name: RegExp) {
    this.#directory = `/proc/${pid}/fd`;
    this.#name = name;
  }

  /** Bytes of their blocks, each file counted once; 0 when the process is gone. */
  async readBytes(): Promise<number> {
    const matching = await this.#findMatching(this.#descriptors);
    const isKnown = this.#descriptors.length > 0 && matching.length === this.#descriptors.length;
    if (!isKnown)
      this.#descriptors = await this.#findMatching(await readdir(this.#directory).catch(() => []));
    const sizes = new Map<number, number>();
    for (const descriptor of this.#descriptors) {
      const found = await stat(`${this.#directory}/${descriptor}`).catch(() => undefined);
      if (found) sizes.set(found.ino, found.blocks * BLOCK_BYTES);
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  async #findMatching(descriptors: readonly string[]): Promise<string[]> {
    const matching: string[] = [];
    for (const descriptor of descriptors) {
      const target = await readlink(`${this.#directory}/${descriptor}`).catch(() => "");
      if (this.#name.test(target)) matching.push(descriptor);
    }
    return matching;
  }
}
