// Keeps watch over the source that was frozen last, so that the next freeze of it need not even look at its files.
//
// What is changed through a memory mapping alone is not told by the kernel, and not noticed before something else
// happens in the tree.

import { realpathSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import { surveyAnew } from "../freeze/survey-anew.js";
import { FileWatch } from "./file-watch.js";

/** A guest starts right after a freeze, and needs the processors. */
const DELAY_MS = 500;

interface Watched {
  readonly key: string;
  readonly fingerprint: string;
  readonly watch: FileWatch;
}

export class Vigil {
  #watched: Watched | undefined;
  /** Ends the making of a new watch. */
  #making = new AbortController();

  /** Whether the request's source has the known fingerprint, for all that was seen. Ends the making of a watch. */
  async holds(request: FreezeRequest): Promise<boolean> {
    this.#making.abort();
    const watched = this.#watched;
    if (!watched || watched.key !== keyOf(request) || watched.fingerprint !== request.knownFingerprint) return false;
    return watched.watch.isQuiet();
  }

  /** Begins to watch over the request's source, which had this fingerprint when it was frozen. */
  async begin(request: FreezeRequest, fingerprint: string): Promise<void> {
    this.#making.abort();
    this.#making = new AbortController();
    const { signal } = this.#making;
    try {
      const key = keyOf(request);
      if (this.#watched?.key === key && (await this.#watched.watch.isQuiet())) return;
      this.end();
      await setTimeout(DELAY_MS, undefined, { signal, ref: false });
      const list = await (await surveyAnew(request, signal)).listWatched();
      const watch = list && (await FileWatch.start(list, signal));
      // What happened before the watches were there is found by looking once more.
      ...
    }
  }
}
