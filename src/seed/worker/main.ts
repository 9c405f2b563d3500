// A freezing thread. The daemon ends it.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { toPyroError } from "../../contract/errors.js";
import type { FreezeProgress, FreezeRequest } from "../freeze/freeze-context.js";
import { freezeSource } from "../freeze/freeze-source.js";
import { Vigil } from "../watch/vigil.js";
import type { ThreadCommand, ThreadMessage } from "./messages.js";

const running = new Map<number, AbortController>();
/** Ends the beginning of a vigil: a freeze does the same work, and somebody waits for it. */
let beginning = new AbortController();
let vigil: Vigil | undefined;

parentPort?.on("message", (command: ThreadCommand) => {
  switch (command.type) {
    case "freeze":
      void answer(command.task, command.request);
      break;
    case "abort":
      running.get(command.task)?.abort();
      break;
    case "watch":
      void watch(command.request);
  }
});

async function answer(task: number, request: FreezeRequest): Promise<void> {
  const abort = new AbortController();
  running.set(task, abort);
  try {
    const isWatched = (await vigil?.holds(request)) === true;
    const outcome = isWatched ? ({ kind: "unchanged" } as const) : await freeze(task, request, abort.signal);
    send({ type: "done", task, outcome, isWatched });
  } catch (error) {
    send({ type: "failed", task, report: toPyroError(error).toReport(), trace: inspect(error) });
  } finally {
    running.delete(task);
  }
}

async function freeze(task: number, request: FreezeRequest, signal: AbortSignal) {
  beginning.abort();
  vigil?.end();
  const onProgress = (progress: FreezeProgress) => send({ type: "progress", task, progress });
  return freezeSource({ request, signal, onProgress, startedAtMs: Date.now() });
}

async function watch(request: FreezeRequest): Promise<void> {
  beginning = new AbortController();
  try {
    vigil = await Vigil.begin(request, { signal: beginning.signal, startedAtMs: Date.now() });
    await vigil?.disturbed;
  } catch {
    // Nobody waits for a watch, and without one the source is looked at: whatever is wrong shows then.
  }
  vigil = undefined;
  send({ type: "blind" });
}

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
