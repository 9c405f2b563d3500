// Calls operations of the daemon, which is started when none answers.

import { PyroError } from "../contract/errors.js";
import type { InputOf, OperationId, ResultOf } from "../operations/registry.js";
import { resolveSettings, type Settings } from "../platform/settings.js";
import { callDaemon, type CallOutcome } from "./call-daemon.js";
import type { InvokeOptions } from "./invoke-options.js";
import { startDaemon } from "./start-daemon.js";

/** Starting, being told of a mismatch, starting again: more rounds mean that two versions fight. */
const MAX_STARTS = 3;

export class Client {
  readonly settings: Settings;

  constructor(settings: Settings = resolveSettings()) {
    this.settings = settings;
  }

  /** Runs one operation to its result. Rejects with a PyroError. */
  invoke<Id extends OperationId>(
    id: Id,
    input: InputOf<Id>,
    options: InvokeOptions = {},
  ): Promise<ResultOf<Id>> {
    return this.invokeUnparsed(id, input, options);
  }

  /** The same for input that comes from outside: the daemon parses it, and says what is wrong with it. */
  async invokeUnparsed<Id extends OperationId>(
    id: Id,
    input: unknown,
    options: InvokeOptions = {},
  ): Promise<ResultOf<Id>> {
    for (let starts = 0; starts <= MAX_STARTS; starts++) {
      const outcome: CallOutcome<Id> = await callDaemon(this.settings, id, input, options);
      if (outcome.kind === "result") return outcome.value;
      if (outcome.kind === "busy") throw describeBusy(outcome.version, outcome.pid, outcome.busyWith);
      const isServed = (signal: AbortSignal) => this.#isServed(signal);
      await startDaemon(this.settings, { isServed, signal: options.signal });
    }
    throw new PyroError("daemon_unavailable", "the daemon is started and leaves again and again", {
      hint: "Is another version of pyro in use at the same time? See `pyro daemon logs`.",
    });
  }

  /** The same, but undefined when no daemon runs: none is started. */
  async invokeIfRunning<Id extends OperationId>(
    id: Id,
    input: InputOf<Id>,
    options: InvokeOptions = {},
  ): Promise<ResultOf<Id> | undefined> {
    const outcome: CallOutcome<Id> = await callDaemon(this.settings, id, input, options);
    if (outcome.kind === "busy") throw describeBusy(outcome.version, outcome.pid, outcome.busyWith);
    return outcome.kind === "result" ? outcome.value : undefined;
  }

  // More than a look at its socket: a daemon that is leaving, or is of another kind, has that too.
  async #isServed(signal: AbortSignal): Promise<boolean> {
    return (await this.invokeIfRunning("daemon_status", {}, { signal })) !== undefined;
  }
}

function describeBusy(version: string, pid: number, busyWith: readonly string[]): PyroError {
  return new PyroError(
    "daemon_busy",
    `a daemon of version ${version} or with other settings is busy (pid ${pid}: ${busyWith.join(", ")})`,
    { details: { version, pid, busy_with: busyWith } },
  );
}
