// The rounds with a model that does well, badly, or without end.

import { expect, test } from "vitest";
import { driveModel, ROUNDS_MAX } from "../../../../src/cli/demo-ollama/drive-model.js";
import type { Answer, ChatMessage } from "../../../../src/cli/demo-ollama/chat-messages.js";
import type { ToolAnswer } from "../../../../src/mcp/call-tool.js";

const TASK = { role: "user", content: "Run it." } as const;
const END: Answer = { role: "assistant", content: "It ran." };

function callOf(text: string, name = "vm_run"): Answer {
  const call = { id: "call_1", type: "function", function: { name, arguments: text } } as const;
  return { role: "assistant", content: "", tool_calls: [call] };
}

function ended(exitCode: number): ToolAnswer {
  const structuredContent = { exit_code: exitCode, execution_mode: "guest" };
  return { content: [{ type: "text", text: `exit_code: ${exitCode}` }], structuredContent };
}

const REFUSED: ToolAnswer = {
  content: [{ type: "text", text: "code: invalid_input" }],
  structuredContent: { error: { code: "invalid_input" } },
  isError: true,
};

/** Drives a model that gives these answers, its last one again and again; the tool answers in turn, too. */
async function drive(answers: readonly Answer[], toolAnswers: readonly ToolAnswer[] = [ended(0)]) {
  const inputs: unknown[] = [];
  const heard: ChatMessage[] = [];
  let asked = 0;
  const result = await driveModel(
    {
      toolName: "vm_run",
      ask: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? END),
      call(input) {
        inputs.push(input);
        return Promise.resolve(toolAnswers[Math.min(inputs.length, toolAnswers.length) - 1] ?? REFUSED);
      },
      onMessage(message) {
        heard.push(message);
        return Promise.resolve();
      },
    },
    [TASK],
  );
  return { result, inputs, heard };
}

test("a call is made, and the model hears what came of it before it ends", async () => {
  const call = callOf('{"command":"true"}');
  const { result, inputs, heard } = await drive([call, END]);
  expect(result).toEqual({ rounds: 2, run: { exit_code: 0, execution_mode: "guest" } });
  expect(inputs).toEqual([{ command: "true" }]);
  expect(heard).toEqual([TASK, call, { role: "tool", tool_call_id: "call_1", content: "exit_code: 0" }, END]);
});

test("of several commands the last one counts", async () => {
  const { result } = await drive([callOf("{}"), callOf("{}"), END], [ended(3), ended(0)]);
  expect(result).toMatchObject({ rounds: 3, run: { exit_code: 0 } });
});

test("a call that fails is told to the model and is no run; the next one may be", async () => {
  const { result, heard } = await drive(
    [callOf('{"comand":"true"}'), callOf("{}"), END],
    [REFUSED, ended(1)],
  );
  expect(heard[2]).toMatchObject({ role: "tool", content: "code: invalid_input" });
  expect(result.run).toEqual({ exit_code: 1, execution_mode: "guest" });
});

test.each([
  [callOf("{command: true"), /no JSON object/],
  [callOf('["true"]'), /no JSON object/],
  [callOf("{}", "shell"), /There is no tool shell; there is vm_run/],
])("a call that is none is told to the model and never made", async (call, told) => {
  const { result, inputs, heard } = await drive([call, END]);
  expect({ result, inputs }).toEqual({ result: { rounds: 2, run: undefined }, inputs: [] });
  expect(heard[2]?.content).toMatch(told);
});

test("a model that only talks has run nothing", async () => {
  expect((await drive([END])).result).toEqual({ rounds: 1, run: undefined });
});

test("a model that never ends is left after the last round", async () => {
  const { result, inputs } = await drive([callOf("{}")]);
  expect(result.rounds).toBe(ROUNDS_MAX);
  expect(inputs).toHaveLength(12);
});
