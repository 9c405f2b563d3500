// The helper program that talks to registries and unpacks layers: one run for one request. It gets its request on
// stdin, which stays open: the helper ends when it closes, and so when this process is killed.

import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import type { z } from "zod";
import { isErrorCode, PyroError } from "../../contract/errors.js";
import { LIBEXEC_DIR } from "../../platform/package-files.js";
import { runProcess } from "../../platform/processes.js";
import { readRegistryVariables } from "../../platform/user-environment.js";
import {
  parseHelperEvent,
  type HelperEvent,
  type HelperFailure,
  type HelperProgress,
  type HelperWaiting,
} from "./helper-events.js";

const HELPER_PATH = path.join(LIBEXEC_DIR, "pyro-helper");

export type HelperAct = "pull" | "resolve" | "push" | "layout";

export interface HelperCall<Result extends z.ZodType> {
  readonly act: HelperAct;
  readonly request: Readonly<Record<string, unknown>>;
  readonly result: Result;
  readonly signal?: AbortSignal | undefined;
  /** Called first when a phase begins, then as it moves on. */
  readonly onProgress?: OnHelperProgress;
  /** Something else than the work itself has to be waited for. */
  readonly onWaiting?: (waiting: HelperWaiting) => void;
}

export type OnHelperProgress = (progress: HelperProgress, isNewPhase: boolean) => void;

/** Runs one request to its end. Throws what the helper reports, or an AbortError; the helper is gone then. */
export async function callImageHelper<Result extends z.ZodType>(
  call: HelperCall<Result>,
  program = HELPER_PATH,
): Promise<z.infer<Result>> {
  // A helper that makes no sense is ended.
  const nonsense = new AbortController();
  const signal = AbortSignal.any([nonsense.signal, ...(call.signal ? [call.signal] : [])]);
  const answers: Exclude<HelperEvent, HelperProgress | HelperWaiting>[] = [];
  let phase: string | undefined;
  const events = new EventLines((event) => {
    switch (event.event) {
      case "progress":
        call.onProgress?.(event, event.phase !== phase);
        phase = event.phase;
        break;
      case "waiting":
        call.onWaiting?.(event);
        break;
      default:
        answers.push(event);
    }
  }, nonsense);
  using stdin = openStdin(call.request);
  const {
    stderr,
    exitCode,
    signal: killedBy,
  } = await runProcess([program, "image", call.act], {
    env: readRegistryVariables(),
    cwd: "/",
    stdin: stdin.stream,
    stdout: events,
    signal,
  }).catch((error: unknown) => {
    throw translateStart(error, program);
  });
  const answer = answers.at(-1);
  if (answer?.event === "result") return call.result.parse(answer);
  if (answer) throw translateFailure(answer);
  if (killedBy) {
    throw new PyroError("internal", `the program that works on images was killed (${killedBy})`, {
      hint: "Try again: what was loaded is kept. The host may have run out of memory.",
    });
  }
  throw new PyroError("internal", `the image helper ended without an answer (${exitCode ?? ""})`, {
    details: { stderr: stderr.slice(-2000) },
  });
}

function openStdin(
  request: Readonly<Record<string, unknown>>,
): Disposable & { readonly stream: PassThrough } {
  const stream = new PassThrough();
  stream.write(`${JSON.stringify(request)}\n`);
  return { stream, [Symbol.dispose]: () => stream.end() };
}

function translateFailure({ code, message, hint, details }: HelperFailure): PyroError {
  const known = isErrorCode(code) ? code : "internal";
  return new PyroError(known, message, { ...(hint !== "" && { hint }), details });
}

function translateStart(error: unknown, program: string): unknown {
  const isMissing = error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");
  if (!isMissing) return error;
  return new PyroError("program_missing", `the program that pulls images is missing: ${program}`, {
    hint: "Reinstall the package, or run `make build` in a checkout.",
    cause: error,
  });
}

/** Takes the helper's stdout apart into its events. */
class EventLines extends Writable {
  readonly #onEvent: (event: HelperEvent) => void;
  readonly #nonsense: AbortController;
  #partial = "";

  constructor(onEvent: (event: HelperEvent) => void, nonsense: AbortController) {
    super();
    this.#onEvent = onEvent;
    this.#nonsense = nonsense;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const lines = (this.#partial + chunk.toString("latin1")).split("\n");
    this.#partial = lines.pop() ?? "";
    try {
      for (const line of lines) this.#onEvent(parseHelperEvent(Buffer.from(line, "latin1").toString("utf8")));
    } catch (error) {
      this.#nonsense.abort(error);
    }
    done();
  }
}
