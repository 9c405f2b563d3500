// OpenAI's Responses, as Codex asks.

import { z } from "zod";
import type { Dialect, OfferedTool, ToolResult, WireReply } from "./conversation.js";
import { formatEvents } from "./server-sent-events.js";

const Function = z.object({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().default(""),
});
const Group = z.object({ type: z.literal("namespace"), name: z.string(), tools: z.array(Function) });
const Item = z.discriminatedUnion("type", [
  z.object({ type: z.literal("function_call"), call_id: z.string(), name: z.string() }),
  z.object({ type: z.literal("function_call_output"), call_id: z.string(), output: z.unknown() }),
]);
const Body = z.object({ input: z.array(z.unknown()), tools: z.array(z.unknown()).default([]) });
const Text = z.object({ text: z.string() });

export const openaiResponses: Dialect = {
  path: "/responses",

  readConversation(body) {
    const { input, tools } = Body.parse(body);
    const names = new Map<string, string>();
    const results: ToolResult[] = [];
    let turns = 0;
    let calling = false;
    for (const each of input) {
      const item = Item.safeParse(each).data;
      // Calls of one answer follow each other.
      if (item?.type === "function_call" && !calling) turns += 1;
      calling = item?.type === "function_call";
      if (item?.type === "function_call") names.set(item.call_id, item.name);
      if (item?.type !== "function_call_output") continue;
      results.push({ tool: names.get(item.call_id) ?? "unknown", text: textOf(item.output) });
    }
    return { tools: tools.flatMap(readTools), turns, results };
  },

  formatReply(reply, id) {
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const response = {
      id: "resp_1",
      object: "response",
      status: "completed",
      output: formatItems(reply, id),
      usage,
    };
    const events = [
      { type: "response.created", response: { id } },
      ...formatItems(reply, id).map((item, output_index) => ({
        type: "response.output_item.done",
        output_index,
        item,
      })),
      { type: "response.completed", response },
    ];
    return formatEvents(events.map((data) => ({ event: data.type, data })));
  },
};

function readTools(tool: unknown): OfferedTool[] {
  const group = Group.safeParse(tool).data;
  if (group)
    return group.tools.map(({ name, description }) => ({ name, description, namespace: group.name }));
  const { name, description } = Function.safeParse(tool).data ?? {};
  return name === undefined ? [] : [{ name, description: description ?? "" }];
}

function formatItems(reply: WireReply, id: string): object[] {
  if ("text" in reply) {
    const content = [{ type: "output_text", text: reply.text, annotations: [] }];
    return [{ type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content }];
  }
  return reply.calls.map(({ id: call_id, name, namespace, input }) => {
    const item = {
      type: "function_call",
      id: `fc_${call_id}`,
      call_id,
      name,
      arguments: JSON.stringify(input),
    };
    return namespace === undefined ? item : { ...item, namespace };
  });
}

function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  const parts = z.array(z.unknown()).safeParse(output).data ?? [output];
  return parts.map((part) => Text.safeParse(part).data?.text ?? JSON.stringify(part)).join("\n");
}
