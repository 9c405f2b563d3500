// One call of an operation: the SDK's names to the operations' names, events to callbacks, failures to PyroErrors.

import type { Client } from "../client/client.js";
import { toPyroError } from "../contract/errors.js";
import type { OnEvent, ProgressEvent } from "../contract/events.js";
import { OPERATIONS, type OperationId, type ResultOf } from "../operations/registry.js";
import { CallEnding } from "./call-ending.js";
import type { CommandOptions, Progress, ProgressOptions } from "./call-options.js";
import { fromCamelCased, toCamelCased, type CamelCased } from "./camel-cased.js";
import { camelName } from "./camel-name.js";
import { nameInSdk } from "./invalid-input.js";
import { readStdin } from "./read-stdin.js";

type Table = typeof OPERATIONS;
type Callbacks = CommandOptions & ProgressOptions;
export type OptionsOf<Id extends OperationId> = CamelCased<Table[Id]["input"], "input"> & Callbacks;
export type SdkResultOf<Id extends OperationId> = CamelCased<Table[Id]["output"], "output">;

/** Rejects with a PyroError and nothing else. */
export async function call<Id extends OperationId>(
  client: Client,
  id: Id,
  options: OptionsOf<Id>,
): Promise<SdkResultOf<Id>> {
  const { signal, stdin, onStdout, onStderr, onProgress, ...fields } = options;
  using ending = new CallEnding(signal);
  try {
    if (ending.error) throw ending.error;
    const input = fromCamelCased(OPERATIONS[id].input, fields);
    const invoked = client.invokeUnparsed(id, input, {
      signal: ending.signal,
      onEvent: toOnEvent(ending, { onStdout, onStderr, onProgress }),
      ...(stdin !== undefined && { stdin: readStdin(stdin, ending) }),
    });
    return formatResult(id, await Promise.race([invoked, ending.whenEnded()]));
  } catch (thrown) {
    throw ending.error ?? nameInSdk(OPERATIONS[id].input, toPyroError(thrown));
  }
}

function formatResult<Id extends OperationId>(id: Id, result: ResultOf<Id>): SdkResultOf<Id>;
function formatResult(id: OperationId, result: ResultOf<OperationId>): unknown {
  return toCamelCased(OPERATIONS[id].output, result);
}

function toOnEvent(ending: CallEnding, { onStdout, onStderr, onProgress }: Callbacks): OnEvent {
  return (event) => {
    switch (event.type) {
      case "stdout":
        return ending.run("onStdout", () => onStdout?.(event.data));
      case "stderr":
        return ending.run("onStderr", () => onStderr?.(event.data));
      case "progress":
        return ending.run("onProgress", () => onProgress?.(toProgress(event)));
    }
  };
}

function toProgress({ tag, fields, done }: ProgressEvent): Progress {
  const { phase = "", ...rest } = fields;
  const renamed = Object.entries(rest).map(([name, value]) => [camelName(name), value] as const);
  return { tag, phase: String(phase), fields: Object.fromEntries(renamed), ...(done && { done }) };
}
