// The list of what a seed leaves out. A tree can hold any number of such things: the first are named, all are counted.

import type { SkippedPath } from "../seed.js";
import { toReadablePath } from "../../platform/byte-path.js";

const NAMED_MAX = 1000;

export class SkippedPaths {
  readonly #named: SkippedPath[] = [];
  #count = 0;

  /** `reason` is a phrase that completes "left out: …". */
  add(bytePath: string, reason: string): void {
    this.#count += 1;
    if (this.#named.length < NAMED_MAX) this.#named.push({ path: toReadablePath(bytePath), reason });
  }

  get named(): readonly SkippedPath[] {
    return this.#named;
  }

  get count(): number {
    return this.#count;
  }
}
