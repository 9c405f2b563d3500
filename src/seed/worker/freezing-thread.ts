// Freezes in a thread of its own, so that the daemon answers its clients meanwhile. The thread stays for a while: to
// start it takes as long as to find out that nothing has changed.

import path from "node:path";
import { Worker } from "node:worker_threads";
import { PACKAGE_ROOT } from "../../platform/package-files.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";
import type { FreezeHooks } from "../freezer.js";
import { FreezeTask } from "./freeze-task.js";
import type { ThreadCommand, ThreadMessage } from "./messages.js";

/** Made by scripts/bundle.mjs from main.ts beside this file. */
const THREAD_ENTRY = path.join(PACKAGE_ROOT, "dist", "bundle", "seed-worker.js");
/** As long as it lives it watches over the source that was frozen last. */
const IDLE_MS = 600_000;
/** A thread that waits for a dead network drive does not hear that it was told to give up. */
const GIVE_UP_MS = 10_000;

export class FreezingThread {
  readonly #tasks = new Map<number, FreezeTask>();
  #worker: Worker | undefined;
  #lastNumber = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /** When it settles, nothing of the freeze runs any more. */
  async freeze(request: FreezeRequest, { signal, onProgress }: FreezeHooks): Promise<FreezeOutcome> {
    signal.throwIfAborted();
    const worker = this.#ensureWorker();
    const number = (this.#lastNumber += 1);
    const timers: NodeJS.Timeout[] = [];
    const giveUp = () => {
      tell(worker, { type: "abort", task: number });
      timers.push(setTimeout(() => void worker.terminate(), GIVE_UP_MS));
    };
    const task = new FreezeTask(onProgress, giveUp);
    this.#tasks.set(number, task);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      tell(worker, { type: "freeze", task: number, request });
      return await task.outcome;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      this.#tasks.delete(number);
      if (this.#tasks.size === 0) this.#rest();
    }
  }

  /** Ends the thread. Freezes that run in it fail. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#worker?.terminate();
  }

  #ensureWorker(): Worker {
    clearTimeout(this.#idleTimer);
    this.#worker ??= this.#startWorker();
    this.#worker.ref();
    return this.#worker;
  }

  #startWorker(): Worker {
    const worker = new Worker(THREAD_ENTRY, { env: {} });
    let failure: Error | undefined;
    worker.on("message", (message: ThreadMessage) => this.#tasks.get(message.task)?.handle(message));
    worker.once("error", (error) => (failure = error));
    worker.once("exit", () => {
      this.#worker = undefined;
      for (const task of this.#tasks.values()) {
        task.fail(failure ?? new Error("the thread that makes seeds has ended"));
      }
    });
    return worker;
  }

  /** A thread without work keeps nobody from ending, and ends itself before long. */
  #rest(): void {
    this.#worker?.unref();
    this.#idleTimer = setTimeout(() => void this.#worker?.terminate(), IDLE_MS).unref();
  }
}

function tell(worker: Worker, command: ThreadCommand): void {
  worker.postMessage(command);
}
