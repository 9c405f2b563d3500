// Anthropic's Messages, as Claude Code asks.

import { z } from "zod";
import type { Dialect, ToolResult } from "./conversation.js";
import { formatEvents, type ServerSentEvent } from "./server-sent-events.js";
import { TOOL_SEARCH } from "./tool-names.js";

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string() }),
  z.object({ type: z.literal("tool_result"), tool_use_id: z.string(), content: z.unknown() }),
]);
const Message = z.object({ role: z.string(), content: z.union([z.string(), z.array(z.unknown())]) });
const Body = z.object({
  messages: z.array(Message),
  tools: z.array(z.object({ name: z.string(), description: z.string().default("") })).default([]),
});
const Text = z.object({ type: z.literal("text"), text: z.string() });

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
      const called = blocks.filter((block) => block.type === "tool_use");
      if (called.some(({ name }) => name !== TOOL_SEARCH)) turns += 1;
      for (const { id, name } of called) names.set(id, name);
      for (const block of blocks) {
        if (block.type !== "tool_result") continue;
        results.push({ tool: names.get(block.tool_use_id) ?? "unknown", text: textOf(block.content) });
      }
    }
    return { tools, turns, results };
  },

  formatReply(reply, id) {
    const blocks = "text" in reply ? [textBlock(reply.text)] : reply.calls.map(callBlock);
    const usage = { input_tokens: 1, output_tokens: 1 };
    // Claude Code takes two answers of one id for parts of one.
    const message = { id, type: "message", role: "assistant", model: "scripted", content: [] };
    const events: ServerSentEvent["data"][] = [
      { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null, usage } },
      ...blocks.flatMap(({ start, delta }, index) => [
        { type: "content_block_start", index, content_block: start },
        { type: "content_block_delta", index, delta },
        { type: "content_block_stop", index },
      ]),
      {
        type: "message_delta",
        delta: { stop_reason: "text" in reply ? "end_turn" : "tool_use", stop_sequence: null },
        usage,
      },
      { type: "message_stop" },
    ];
    return formatEvents(
      events.map((data) => ({ event: z.object({ type: z.string() }).parse(data).type, data })),
    );
  },
};

function textBlock(text: string) {
  return { start: { type: "text", text: "" }, delta: { type: "text_delta", text } };
}

function callBlock({ id, name, input }: { id: string; name: string; input: object }) {
  const partial_json = JSON.stringify(input);
  return {
    start: { type: "tool_use", id, name, input: {} },
    delta: { type: "input_json_delta", partial_json },
  };
}

/** What is no text is shown as the JSON that it came as. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = z.array(z.unknown()).safeParse(content).data ?? [];
  return parts.map((part) => Text.safeParse(part).data?.text ?? JSON.stringify(part)).join("\n");
}
