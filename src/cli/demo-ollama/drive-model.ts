// The rounds of a model with one tool: ask, make the calls that it wants, tell it what came of them.

import { z } from "zod";
import { executionMode } from "../../contract/fields.js";
import type { ToolAnswer } from "../../mcp/call-tool.js";
import type { Answer, ChatMessage, ToolCall } from "./chat-messages.js";

/** A model that has not come to an end by then does not. */
export const ROUNDS_MAX = 12;

const Run = z.object({ exit_code: z.number(), execution_mode: executionMode });
export type Run = z.infer<typeof Run>;

export interface Drive {
  readonly toolName: string;
  readonly ask: (messages: readonly ChatMessage[]) => Promise<Answer>;
  readonly call: (input: Readonly<Record<string, unknown>>) => Promise<ToolAnswer>;
  /** Hears of every message, those that it began with included. */
  readonly onMessage: (message: ChatMessage, round: number) => Promise<void>;
}

export interface DriveResult {
  readonly rounds: number;
  /** The last command that the model ran; undefined when it never made a call that could be carried out. */
  readonly run: Run | undefined;
}

/** A call that fails is the model's to put right: it is told why. What `ask` throws ends it. */
export async function driveModel(drive: Drive, beginning: readonly ChatMessage[]): Promise<DriveResult> {
  const messages: ChatMessage[] = [];
  let round = 0;
  const add = async (message: ChatMessage) => {
    messages.push(message);
    await drive.onMessage(message, round);
  };
  for (const message of beginning) await add(message);
  let run: Run | undefined;
  while (round < ROUNDS_MAX) {
    round += 1;
    const answer = await drive.ask(messages);
    await add(answer);
    if (!answer.tool_calls) break;
    for (const call of answer.tool_calls) {
      const { content, run: latest } = await makeCall(drive, call);
      run = latest ?? run;
      await add({ role: "tool", tool_call_id: call.id, content });
    }
  }
  return { rounds: round, run };
}

async function makeCall(
  { toolName, call }: Drive,
  { function: { name, arguments: text } }: ToolCall,
): Promise<{ readonly content: string; readonly run?: Run }> {
  if (name !== toolName) return { content: `There is no tool ${name}; there is ${toolName}.` };
  const input = parseArguments(text);
  if (!input) return { content: "The arguments are no JSON object. Call it again with one." };
  const { content, structuredContent, isError } = await call(input);
  const told = content.map((part) => part.text).join("\n");
  return isError ? { content: told } : { content: told, run: Run.parse(structuredContent) };
}

function parseArguments(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
