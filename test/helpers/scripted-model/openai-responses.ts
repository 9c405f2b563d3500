// OpenAI's Responses, as Codex asks.

import { z } from "zod";
import type { Dialect, OfferedTool, ToolResult, WireReply } from "./conversation.js";
import { formatEvents } from "./server-sent-events.js";
import { textOf } from "./text-of.js";
import { fullName } from "./tool-names.js";

const Tool = z.object({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().default(""),
});
const Group = z.object({ type: z.literal("namespace"), name: z.string(), tools: z.array(Tool) });
const Call = z.object({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
});
const Output = z.object({
  type: z.literal("function_call_output"),
  call_id: z.string(),
  output: z.unknown(),
});
const Item = z.discriminatedUnion("type", [Call, Output]);
const Body = z.object({ input: z.array(z.unknown()), tools: z.array(z.unknown()).default([]) });

export const openaiResponses: Dialect = {
  path: "/responses",

  readConversation(body) {
    const { input, tools } = Body.parse(body);
    const names = new Map<string, string>();
    const results: ToolResult[] = [];
    let turns = 0;
    let calling = false;
    for (const item of input.map((each) => Item.safeParse(each).data)) {
      // Calls of one answer follow each other.
      if (item?.type === "function_call" && !calling) turns += 1;
      calling = item?.type === "function_call";
      if (item?.type === "function_call") names.set(item.call_id, fullName(toolOf(item)));
      if (item?.type !== "function_call_output") continue;
      results.push({ tool: names.get(item.call_id) ?? "unknown", text: textOf(item.output) });
    }
    return { tools: tools.flatMap(readTools), turns, results };
  },

  formatReply(reply, id) {
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const output = formatItems(reply, id);
    const response = { id, object: "response", status: "completed", output, usage };
    const events = [
      { type: "response.created", response: { id } },
      ...output.map((item, index) => ({ type: "response.output_item.done", output_index: index, item })),
      { type: "response.completed", response },
    ];
    return formatEvents(events.map((data) => ({ event: data.type, data })));
  },
};

function toolOf({ name, namespace }: z.infer<typeof Call>): Pick<OfferedTool, "name" | "namespace"> {
  return namespace === undefined ? { name } : { name, namespace };
}

function readTools(tool: unknown): OfferedTool[] {
  const group = Group.safeParse(tool).data;
  const single = Tool.safeParse(tool).data;
  if (!group) return single ? [single] : [];
  return group.tools.map(({ name, description }) => ({ name, description, namespace: group.name }));
}

function formatItems(reply: WireReply, id: string): object[] {
  if ("text" in reply) {
    const content = [{ type: "output_text", text: reply.text, annotations: [] }];
    return [{ type: "message", id: `message-${id}`, role: "assistant", status: "completed", content }];
  }
  return reply.calls.map(({ id: call_id, name, namespace, input }) => {
    const call = {
      type: "function_call",
      id: `item-${call_id}`,
      call_id,
      name,
      arguments: JSON.stringify(input),
    };
    return namespace === undefined ? call : { ...call, namespace };
  });
}
