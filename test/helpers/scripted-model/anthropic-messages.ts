// Anthropic's Messages, as Claude Code asks.

import { z } from "zod";
import type { Dialect, ToolResult, WireReply } from "./conversation.js";
import { formatEvents } from "./server-sent-events.js";
import { textOf } from "./text-of.js";
import { TOOL_SEARCH } from "./tool-names.js";

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string() }),
  z.object({ type: z.literal("tool_result"), tool_use_id: z.string(), content: z.unknown() }),
]);
const Message = z.object({ content: z.union([z.string(), z.array(z.unknown())]) });
const Tool = z.object({ name: z.string(), description: z.string().default("") });
const Body = z.object({ messages: z.array(Message), tools: z.array(Tool).default([]) });

export const anthropicMessages: Dialect = {
  path: "/v1/messages",

  readConversation(body) {
    const { messages, tools } = Body.parse(body);
    const names = new Map<string, string>();
    const results: ToolResult[] = [];
    let turns = 0;
    for (const { content } of messages) {
      const blocks =
        typeof content === "string" ? [] : content.flatMap((each) => Block.safeParse(each).data ?? []);
      const calls = blocks.filter((block) => block.type === "tool_use");
      if (calls.some(({ name }) => name !== TOOL_SEARCH)) turns += 1;
      for (const { id, name } of calls) names.set(id, name);
      for (const block of blocks) {
        if (block.type !== "tool_result") continue;
        results.push({ tool: names.get(block.tool_use_id) ?? "unknown", text: textOf(block.content) });
      }
    }
    return { tools, turns, results };
  },

  formatReply(reply, id) {
    const usage = { input_tokens: 1, output_tokens: 1 };
    const stop_reason = "text" in reply ? "end_turn" : "tool_use";
    // Claude Code takes two answers of one id for parts of one.
    const message = { id, type: "message", role: "assistant", model: "scripted", content: [] };
    const events = [
      { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null, usage } },
      ...formatBlocks(reply).flatMap(({ start, delta }, index) => [
        { type: "content_block_start", index, content_block: start },
        { type: "content_block_delta", index, delta },
        { type: "content_block_stop", index },
      ]),
      { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
      { type: "message_stop" },
    ];
    return formatEvents(events.map((data) => ({ event: data.type, data })));
  },
};

function formatBlocks(reply: WireReply): { start: object; delta: object }[] {
  if ("text" in reply) {
    return [{ start: { type: "text", text: "" }, delta: { type: "text_delta", text: reply.text } }];
  }
  return reply.calls.map(({ id, name, input }) => ({
    start: { type: "tool_use", id, name, input: {} },
    delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
  }));
}
