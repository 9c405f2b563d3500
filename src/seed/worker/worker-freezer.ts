// Freezes in a thread of its own, so that the daemon answers its clients meanwhile.

import path from "node:path";
import { Worker } from "node:worker_threads";
import { PyroError } from "../../contract/errors.js";
import { PACKAGE_ROOT } from "../../platform/package-files.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import type { FreezeOutcome } from "../freeze/freeze-outcome.js";
import type { FreezeHooks } from "../freezer.js";
import type { WorkerCommand, WorkerMessage } from "./messages.js";

/** Made by scripts/bundle.mjs from main.ts beside this file. */
const WORKER_ENTRY = path.join(PACKAGE_ROOT, "dist", "bundle", "seed-worker.js");
/** A thread that waits for a dead network drive does not hear that it was cancelled. */
const ABORT_GRACE_MS = 10_000;

export async function freezeInWorker(request: FreezeRequest, hooks: FreezeHooks): Promise<FreezeOutcome> {
  const { signal } = hooks;
  signal.throwIfAborted();
  const worker = new Worker(WORKER_ENTRY, { env: {} });
  const tell = (command: WorkerCommand) => worker.postMessage(command);
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    tell({ type: "abort" });
    timer ??= setTimeout(() => void worker.terminate(), ABORT_GRACE_MS);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    tell({ type: "freeze", request });
    return await awaitOutcome(worker, hooks, abort);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** Settles when the thread has ended: nothing of it writes any more. */
async function awaitOutcome(worker: Worker, hooks: FreezeHooks, abort: () => void): Promise<FreezeOutcome> {
  let outcome: FreezeOutcome | undefined;
  let failure: Error | undefined;
  const fail = (thrown: unknown) =>
    (failure ??= thrown instanceof Error ? thrown : new Error(String(thrown)));
  worker.on("message", (message: WorkerMessage) => {
    switch (message.type) {
      case "progress":
        void tellProgress(message.progress);
        break;
      case "done":
        outcome = message.outcome;
        break;
      case "failed":
        fail(toError(message));
    }
  });
  worker.once("error", fail);
  await new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  hooks.signal.throwIfAborted();
  if (failure) throw failure;
  if (!outcome) throw new Error("the thread that makes seeds ended without an answer");
  return outcome;

  async function tellProgress(progress: Parameters<FreezeHooks["onProgress"]>[0]): Promise<void> {
    try {
      await hooks.onProgress(progress);
    } catch (error) {
      fail(error);
      abort();
    }
  }
}

function toError({ report, trace }: Extract<WorkerMessage, { type: "failed" }>): PyroError {
  const { code, message, hint, details } = report;
  return new PyroError(code, message, { hint, details, cause: trace });
}
