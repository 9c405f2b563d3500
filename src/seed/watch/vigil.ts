// Keeps watch over the source that was frozen last, so that the next freeze of it need not even look at its files.
//
// What is changed through a memory mapping alone is not told by the kernel, and not noticed before something else
// happens in the tree.

import { realpathSync } from "node:fs";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FileWatch } from "./file-watch.js";
import { type WatchMoment, watchSource } from "./watch-source.js";

export class Vigil {
  readonly #key: string;
  readonly #watch: FileWatch;

  private constructor(key: string, watch: FileWatch) {
    this.#key = key;
    this.#watch = watch;
  }

  /** Undefined: the source has not the request's known fingerprint any more, or cannot be watched. */
  static async begin(request: FreezeRequest, moment: WatchMoment): Promise<Vigil | undefined> {
    const key = keyOf(request);
    const watch = await watchSource(request, moment);
    return key === undefined || !watch ? undefined : new Vigil(key, watch);
  }

  /** Resolves when something has happened, or the watch was ended. */
  get disturbed(): Promise<void> {
    return this.#watch.disturbed;
  }

  /** Whether the request's source still has the request's known fingerprint, for all that was seen. */
  async holds(request: FreezeRequest): Promise<boolean> {
    return keyOf(request) === this.#key && (await this.#watch.isQuiet());
  }

  end(): void {
    this.#watch.close();
  }
}

/** What is watched, and as what it is known; undefined: there is nothing. */
function keyOf(request: FreezeRequest): string | undefined {
  const { sourcePath, knownFingerprint, ownDirs, tarBudgetBytes, homeDir } = request;
  if (sourcePath === undefined || knownFingerprint === undefined) return undefined;
  try {
    return JSON.stringify([realpathSync(sourcePath), knownFingerprint, ownDirs, tarBudgetBytes, homeDir]);
  } catch {
    // It is gone: whoever looks at it says so.
    return undefined;
  }
}
