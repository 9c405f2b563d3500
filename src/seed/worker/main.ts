// The freezing thread. The daemon ends it when it has had nothing to do for a while.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { toPyroError } from "../../contract/errors.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import { freezeSource } from "../freeze/freeze-source.js";
import type { ThreadCommand, ThreadMessage } from "./messages.js";

const running = new Map<number, AbortController>();

parentPort?.on("message", (command: ThreadCommand) => {
  if (command.type === "abort") running.get(command.task)?.abort();
  else void freeze(command.task, command.request);
});

async function freeze(task: number, request: FreezeRequest): Promise<void> {
  const abort = new AbortController();
  running.set(task, abort);
  try {
    const outcome = await freezeSource({
      request,
      signal: abort.signal,
      onProgress: (progress) => send({ type: "progress", task, progress }),
      startedAtMs: Date.now(),
    });
    send({ type: "done", task, outcome });
  } catch (error) {
    send({ type: "failed", task, report: toPyroError(error).toReport(), trace: inspect(error) });
  } finally {
    running.delete(task);
  }
}

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
