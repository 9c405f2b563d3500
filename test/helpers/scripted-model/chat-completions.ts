// OpenAI's Chat Completions, as OpenCode and most clients of local models ask; with and without a stream.

import { z } from "zod";
import type { Dialect, ToolResult, WireReply } from "./conversation.js";
import { formatEvents } from "./server-sent-events.js";
import { textOf } from "./text-of.js";

const Call = z.object({ id: z.string(), function: z.object({ name: z.string() }) });
const Message = z.object({
  content: z.unknown(),
  tool_calls: z.array(Call).optional(),
  tool_call_id: z.string().optional(),
});
const Tool = z.object({ function: z.object({ name: z.string(), description: z.string().default("") }) });
const Body = z.object({
  messages: z.array(Message),
  tools: z.array(Tool).default([]),
  stream: z.boolean().default(false),
});

export const chatCompletions: Dialect = {
  path: "/chat/completions",

  readConversation(body) {
    const { messages, tools } = Body.parse(body);
    const names = new Map<string, string>();
    const results: ToolResult[] = [];
    let turns = 0;
    for (const { content, tool_calls: calls, tool_call_id: callId } of messages) {
      if (calls) turns += 1;
      for (const call of calls ?? []) names.set(call.id, call.function.name);
      if (callId !== undefined) results.push({ tool: names.get(callId) ?? "unknown", text: textOf(content) });
    }
    return { tools: tools.map((tool) => tool.function), turns, results };
  },

  formatReply(reply, id, body) {
    const base = { id, created: 1, model: "scripted" };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const finish_reason = "text" in reply ? "stop" : "tool_calls";
    const message = formatMessage(reply);
    if (!Body.parse(body).stream) {
      const document = {
        ...base,
        object: "chat.completion",
        choices: [{ index: 0, message, finish_reason }],
        usage,
      };
      return { contentType: "application/json", text: JSON.stringify(document) };
    }
    const chunk = { ...base, object: "chat.completion.chunk" };
    return formatEvents([
      { data: { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] } },
      { data: { ...chunk, choices: [{ index: 0, delta: {}, finish_reason }], usage } },
      { data: "[DONE]" },
    ]);
  },
};

function formatMessage(reply: WireReply): object {
  if ("text" in reply) return { role: "assistant", content: reply.text };
  const tool_calls = reply.calls.map(({ id, name, input }, index) => {
    return { index, id, type: "function", function: { name, arguments: JSON.stringify(input) } };
  });
  return { role: "assistant", content: null, tool_calls };
}
