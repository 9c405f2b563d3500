// Keeps watch over the source that was frozen last, so that the next freeze of it need not even look at its files.
//
// What is changed through a memory mapping alone is not told by the kernel, and not noticed before something else
// happens in the tree.

import { realpathSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FileWatch } from "./file-watch.js";
import { watchSource } from "./watch-source.js";

/** A guest starts right after a freeze, and needs the processors. */
const DELAY_MS = 500;

interface Watched {
  readonly key: string;
  readonly fingerprint: string;
  readonly watch: FileWatch;
}

export class Vigil {
  readonly #delayMs: number;
  #watched: Watched | undefined;
  /** Ends the making of a new watch. */
  #making = new AbortController();

  constructor(delayMs = DELAY_MS) {
    this.#delayMs = delayMs;
  }

  /** Whether the request's source has the known fingerprint, for all that was seen. */
  async holds(request: FreezeRequest): Promise<boolean> {
    const watched = this.#watched;
    if (!watched || watched.fingerprint !== request.knownFingerprint) return false;
    return watched.key === keyOf(request) && (await watched.watch.isQuiet());
  }

  /** Watches over the request's source instead, which had this fingerprint when it was frozen. */
  async begin(request: FreezeRequest, fingerprint: string): Promise<void> {
    this.end();
    const { signal } = this.#making;
    try {
      await setTimeout(this.#delayMs, undefined, { signal, ref: false });
      const key = keyOf(request);
      const watch = await watchSource(request, fingerprint, signal);
      if (watch && key !== undefined) this.#watched = { key, fingerprint, watch };
    } catch {
      // Nobody waits for a watch, and without one the source is looked at: whatever is wrong shows then.
    }
  }

  end(): void {
    this.#making.abort();
    this.#making = new AbortController();
    this.#watched?.watch.close();
    this.#watched = undefined;
  }
}

/** What a fingerprint belongs to; undefined: there is nothing. */
function keyOf({ sourcePath = "/", ownDirs, tarBudgetBytes, homeDir }: FreezeRequest): string | undefined {
  try {
    return JSON.stringify([realpathSync(sourcePath), ownDirs, tarBudgetBytes, homeDir]);
  } catch {
    return undefined;
  }
}
