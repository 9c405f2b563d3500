// What `pyro demo ollama` does: a model drives vm_run, and the demo tells how it went.

import { Client } from "../../client/client.js";
import type { OnEvent, ProgressEvent } from "../../contract/events.js";
import { DEFAULT_ENVIRONMENT } from "../../contract/limits.js";
import type { ProgramContext } from "../program-context.js";
import { formatStatusLine } from "../progress.js";
import { ChatEndpoint, type ChatEndpointOptions } from "./chat-endpoint.js";
import type { ChatMessage } from "./chat-messages.js";
import { driveModel, type Run } from "./drive-model.js";
import { openVmRunTool } from "./vm-run-tool.js";

const COMMAND = "git --version && uname -sr";
const TASK = `Run \`${COMMAND}\` in a guest of ${DEFAULT_ENVIRONMENT} with the tool vm_run. Then say in one sentence what it printed.`;

export interface DemoModelOptions extends ChatEndpointOptions {
  /** Tells every message of the conversation. */
  readonly verbose: boolean;
}

type Fields = ProgressEvent["fields"];

/** Proves guests with a command of its own when the model never makes a call that can be carried out. */
export async function demoModel(
  { output, signal, setStatus }: ProgramContext,
  { verbose, ...endpointOptions }: DemoModelOptions,
): Promise<void> {
  const { model, baseUrl } = endpointOptions;
  const endpoint = new ChatEndpoint(endpointOptions);
  const client = new Client();
  const tool = openVmRunTool(client);
  const log = async (fields: Fields) => output.event({ type: "progress", tag: "ollama", fields });
  // The output of the model's commands is for the model.
  const onEvent: OnEvent = async (event) => (event.type === "progress" ? output.event(event) : undefined);
  const drive = {
    toolName: tool.definition.function.name,
    ask: (messages: readonly ChatMessage[]) => endpoint.ask(messages, tool.definition, signal),
    call: (input: Readonly<Record<string, unknown>>) => tool.call(input, signal, onEvent),
    async onMessage(message: ChatMessage, round: number) {
      for (const fields of describe(message, verbose)) await log({ round, ...fields });
    },
  };

  await log({ phase: "ask", model, base_url: baseUrl });
  const { rounds, run } = await driveModel(drive, [
    { role: "system", content: tool.instructions },
    { role: "user", content: TASK },
  ]);
  if (!run) await log({ phase: "fallback", command: COMMAND });
  const shown: Run = run ?? (await client.invoke("vm_run", { command: COMMAND }, { signal, onEvent }));
  const { exit_code, execution_mode } = shown;
  const fields = { exit_code, fallback_used: String(!run), execution_mode };
  const document = { exit_code, fallback_used: !run, execution_mode, model, rounds };
  await output.document(document, { stdout: `${formatStatusLine({ tag: "summary", fields })}\n` });
  setStatus(exit_code);
}

/** Log lines about a message: what the model wants, and with `verbose` everything that was said. */
function describe(message: ChatMessage, verbose: boolean): Fields[] {
  const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
  const lines: Fields[] = calls.map(({ function: call }) => ({ call: call.name, arguments: call.arguments }));
  if (!verbose || message.content === "") return lines;
  return [{ role: message.role, content: message.content }, ...lines];
}
