// The freezing thread. The daemon ends it when it has had nothing to do for a while.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { toPyroError } from "../../contract/errors.js";
import type { FreezeProgress, FreezeRequest } from "../freeze/freeze-context.js";
import { freezeSource } from "../freeze/freeze-source.js";
import { Vigil } from "../watch/vigil.js";
import type { ThreadCommand, ThreadMessage } from "./messages.js";

const running = new Map<number, AbortController>();
const vigil = new Vigil();

parentPort?.on("message", (command: ThreadCommand) => {
  if (command.type === "abort") running.get(command.task)?.abort();
  else void answer(command.task, command.request);
});

async function answer(task: number, request: FreezeRequest): Promise<void> {
  const abort = new AbortController();
  running.set(task, abort);
  try {
    await freeze(task, request, abort.signal);
  } catch (error) {
    send({ type: "failed", task, report: toPyroError(error).toReport(), trace: inspect(error) });
  } finally {
    running.delete(task);
  }
}

async function freeze(task: number, request: FreezeRequest, signal: AbortSignal): Promise<void> {
  if (await vigil.holds(request)) {
    send({ type: "done", task, outcome: { kind: "unchanged" } });
    return;
  }
  vigil.end();
  const onProgress = (progress: FreezeProgress) => send({ type: "progress", task, progress });
  const outcome = await freezeSource({ request, signal, onProgress, startedAtMs: Date.now() });
  send({ type: "done", task, outcome });
  const fingerprint = outcome.kind === "unchanged" ? request.knownFingerprint : outcome.source.fingerprint;
  if (fingerprint !== undefined) void vigil.begin({ ...request, knownFingerprint: fingerprint }, fingerprint);
}

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
