// One freezing thread, and what runs in it.

import path from "node:path";
import { Worker } from "node:worker_threads";
import { PACKAGE_ROOT } from "../../platform/package-files.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeHooks } from "../freezer.js";
import { FreezeTask, type ThreadOutcome } from "./freeze-task.js";
import type { ThreadCommand, ThreadMessage } from "./messages.js";

/** Made by scripts/bundle.mjs from main.ts beside this file. */
const THREAD_ENTRY = path.join(PACKAGE_ROOT, "dist", "bundle", "seed-worker.js");
/** A thread that waits for a dead network drive does not hear that it was told to give up. */
const GIVE_UP_MS = 10_000;
/** With more a thread that only watches keeps tens of MiB, and with less a freeze takes longer. */
const YOUNG_GENERATION_MIB = 4;

export class SeedThread {
  /** Resolves when the thread is no more. */
  readonly ended: Promise<void>;
  readonly #worker = new Worker(THREAD_ENTRY, {
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  readonly #tasks = new Map<number, FreezeTask>();
  #lastNumber = 0;

  /** `onBlind`: it watches over nothing any more. */
  constructor(onBlind: () => void) {
    const worker = this.#worker;
    let failure: Error | undefined;
    worker.on("message", (message: ThreadMessage) => {
      if (message.type === "blind") onBlind();
      else this.#tasks.get(message.task)?.handle(message);
    });
    worker.once("error", (error) => (failure = error));
    this.ended = new Promise((resolve) => {
      worker.once("exit", () => {
        resolve();
        const error = failure ?? new Error("the thread that makes seeds has ended");
        for (const task of this.#tasks.values()) task.fail(error);
      });
    });
    // Only what runs in it keeps the daemon from ending.
    worker.unref();
  }

  get isBusy(): boolean {
    return this.#tasks.size > 0;
  }

  /** When it settles, nothing of the freeze runs any more. */
  async freeze(request: FreezeRequest, { signal, onProgress }: FreezeHooks): Promise<ThreadOutcome> {
    signal.throwIfAborted();
    const number = (this.#lastNumber += 1);
    const timers: NodeJS.Timeout[] = [];
    const giveUp = () => {
      this.#tell({ type: "abort", task: number });
      timers.push(setTimeout(() => void this.end(), GIVE_UP_MS));
    };
    const task = new FreezeTask(onProgress, giveUp);
    this.#tasks.set(number, task);
    this.#worker.ref();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      this.#tell({ type: "freeze", task: number, request });
      return await task.ended;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      this.#tasks.delete(number);
      if (!this.isBusy) this.#worker.unref();
    }
  }

  /** Watches over the source that has the request's known fingerprint. */
  watch(request: FreezeRequest): void {
    this.#tell({ type: "watch", request });
  }

  /** Whatever runs in it fails. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(command: ThreadCommand): void {
    this.#worker.postMessage(command);
  }
}
