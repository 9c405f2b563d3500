// The freezing thread: does the work of one freeze, and ends.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { toPyroError } from "../../contract/errors.js";
import type { FreezeRequest } from "../freeze/freeze-context.js";
import { freezeSource } from "../freeze/freeze-source.js";
import type { WorkerCommand, WorkerMessage } from "./messages.js";

const port = parentPort;
if (!port) throw new Error("this is the main module of a thread");
const abort = new AbortController();

port.on("message", (command: WorkerCommand) => {
  if (command.type === "abort") abort.abort();
  else void freeze(command.request).then(() => port.close());
});

async function freeze(request: FreezeRequest): Promise<void> {
  try {
    const outcome = await freezeSource({
      request,
      signal: abort.signal,
      onProgress: (progress) => send({ type: "progress", progress }),
      startedAtMs: Date.now(),
    });
    send({ type: "done", outcome });
  } catch (error) {
    send({ type: "failed", report: toPyroError(error).toReport(), trace: inspect(error) });
  }
}

function send(message: WorkerMessage): void {
  port?.postMessage(message);
}
