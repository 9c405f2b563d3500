// Messages of OpenAI's Chat Completions, as far as one tool needs them.

import { z } from "zod";

/** Arguments are a JSON text by the protocol, and an object in the answers of some servers. */
const Arguments = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);

const ToolCall = z.object({
  id: z.string().default("call"),
  type: z.literal("function").default("function"),
  function: z.object({ name: z.string(), arguments: Arguments }),
});

const Message = z.object({
  content: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
});

/** The answer of the endpoint; what else is in it does not matter here. */
export const Completion = z.object({ choices: z.array(z.object({ message: Message })).min(1) });

export type ToolCall = z.infer<typeof ToolCall>;

export interface Answer {
  readonly role: "assistant";
  readonly content: string;
  readonly tool_calls?: readonly ToolCall[];
}

export type ChatMessage =
  | Answer
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string };

export interface ChatTool {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description: string; readonly parameters: object };
}
