// One question to an endpoint, and everything that may come in place of an answer.

import { expect, test } from "vitest";
import { ChatEndpoint } from "../../../../src/cli/demo-ollama/chat-endpoint.js";
import type { ChatTool } from "../../../../src/cli/demo-ollama/chat-messages.js";
import { PyroError } from "../../../../src/contract/errors.js";
import { callOfVmRun, ChatScript, type ScriptedAnswer } from "../../../helpers/chat-script.js";
import { failureOf } from "../../../helpers/failure-of.js";

const TOOL: ChatTool = { type: "function", function: { name: "vm_run", description: "", parameters: {} } };
const QUESTION = { role: "user", content: "Run it." } as const;

function ask(baseUrl: string, { timeoutMs = 20_000, signal = new AbortController().signal } = {}) {
  return new ChatEndpoint({ baseUrl, model: "small", timeoutMs }).ask([QUESTION], TOOL, signal);
}

async function answerTo(answer: ScriptedAnswer) {
  return ask((await ChatScript.start(answer)).baseUrl);
}

const completion = (message: object) => ({ status: 200, body: JSON.stringify({ choices: [{ message }] }) });

test("the model is asked with the conversation and the tool, and without a stream", async () => {
  const script = await ChatScript.start({ text: "Done." });
  expect(await ask(`${script.baseUrl}/`)).toEqual({ role: "assistant", content: "Done." });
  expect(script.requests).toEqual([
    { model: "small", messages: [QUESTION], tools: [TOOL], temperature: 0, stream: false },
  ]);
});

test("calls come with their arguments as text", async () => {
  expect(await answerTo(callOfVmRun({ command: "true" }))).toEqual({
    role: "assistant",
    content: "",
    tool_calls: [
      { id: "call_1", type: "function", function: { name: "vm_run", arguments: '{"command":"true"}' } },
    ],
  });
});

test("arguments that are an object are understood, and an id that is missing is made up", async () => {
  const call = { function: { name: "vm_run", arguments: { command: "true" } } };
  const { tool_calls: calls } = await answerTo(completion({ tool_calls: [call] }));
  expect(calls).toMatchObject([{ id: "call", function: { arguments: '{"command":"true"}' } }]);
});

test.each<[name: string, answer: ScriptedAnswer, code: string, message: RegExp, hint: RegExp]>([
  [
    "a model that is not there",
    { status: 404, body: '{"error":{"message":"model \\"small\\" not found"}}' },
    "model_not_found",
    /has no model small: model "small" not found$/,
    /ollama pull small.*--model.*\/v1/,
  ],
  [
    "a path that is not there",
    { status: 404, body: "<h1>Not Found</h1>" },
    "model_not_found",
    /has no model small$/,
    /\/v1/,
  ],
  [
    "a failure in the form of Ollama's own",
    { status: 500, body: '{"error":"out of memory"}' },
    "model_unavailable",
    /answered with status 500: out of memory$/,
    /log/,
  ],
  [
    "an answer that is no JSON",
    { status: 200, body: "<html>" },
    "model_unavailable",
    /is none of Chat Completions$/,
    /--base-url/,
  ],
  [
    "JSON without an answer in it",
    { status: 200, body: '{"choices":[]}' },
    "model_unavailable",
    /is none of Chat Completions$/,
    /--base-url/,
  ],
  [
    "an answer without an end",
    completion({ content: "x".repeat(5 * 1024 * 1024) }),
    "model_unavailable",
    /more than 4194304 bytes/,
    /--base-url/,
  ],
])("%s is told in words", async (_, answer, code, message, hint) => {
  const failure = await failureOf(answerTo(answer));
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(message);
  expect(failure.hint).toMatch(hint);
});

test("an endpoint that is not there is told with how to start one", async () => {
  const script = await ChatScript.start("silence");
  const { baseUrl } = script;
  script.stop();
  const failure = await failureOf(ask(baseUrl));
  expect(failure.code).toBe("model_unavailable");
  expect(failure.message).toBe(`nobody answers at ${baseUrl}/chat/completions: connection refused`);
  expect(failure.hint).toContain("ollama serve");
});

test("an endpoint that keeps silent is not waited for without end", async () => {
  const { baseUrl } = await ChatScript.start("silence");
  const failure = await failureOf(ask(baseUrl, { timeoutMs: 50 }));
  expect(failure.code).toBe("timeout");
  expect(failure.message).toContain("within 0.05 s");
});

test("an interrupt ends the wait with its own reason", async () => {
  const { baseUrl } = await ChatScript.start("silence");
  const reason = new PyroError("cancelled", "interrupted by SIGINT");
  await expect(ask(baseUrl, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each(["localhost:11434", "ftp://localhost/v1", "", "http://"])("%j is no base URL", (baseUrl) => {
  expect(() => new ChatEndpoint({ baseUrl, model: "small", timeoutMs: 1 })).toThrow(
    expect.objectContaining({ code: "invalid_input" }),
  );
});
