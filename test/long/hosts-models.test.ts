// The real clients at work with a scripted model: what each shows its model of a result, what it asks nobody for,
// and how it ends a server. What is asserted here of the clients is what our server has to live with.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { HOST_IDS, type HostId } from "../../src/hosts/agent-host.js";
import { repairHost } from "../../src/hosts/connect.js";
import { HOSTS } from "../../src/hosts/hosts.js";
import { buildServerCommand } from "../../src/hosts/server-command.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { askClient, CODEX_APPROVES } from "../helpers/client-programs-ask.js";
import { ClientHome } from "../helpers/client-programs-home.js";
import type { Step, ToolResult } from "../helpers/scripted-model/conversation.js";
import { ScriptedModel } from "../helpers/scripted-model/scripted-model.js";

const TINY = path.join(PACKAGE_ROOT, "test", "fixtures", "tiny-mcp-server.mjs");
const Event = z.looseObject({ event: z.string(), pid: z.number() });

let home: ClientHome;
beforeEach(async () => {
  home = await ClientHome.create();
});
afterEach(() => home[Symbol.asyncDispose]());

/** Connects the client to the stand-in, asks it, and returns what its model saw at the end. */
async function ask(id: HostId, script: readonly Step[], args: readonly string[] = []) {
  await using model = await ScriptedModel.start(script);
  const env = { TINY_MCP_LOG: path.join(home.directory, "server.log") };
  const command = buildServerCommand({}, { cwd: home.project, env, program: [process.execPath, TINY] });
  await repairHost(HOSTS[id], { options: {}, command, place: {} }, home.context());
  const { exitCode, stdout, stderr } = await askClient(id, home, {
    model,
    prompt: "Look at the facts.",
    args,
  });
  expect(exitCode, stderr).toBe(0);
  return { stdout, conversation: model.conversation };
}

const callsOf =
  (...calls: readonly (readonly [tool: string, input: Readonly<Record<string, string>>])[]): Step =>
  () => ({ calls: calls.map(([tool, input]) => ({ tool, input })) });

const end: Step = () => ({ text: "All facts are known." });

/** What the server wrote down of its last life. */
async function readServerEvents() {
  const lines = (await home.read("server.log")).trim().split("\n");
  const events = lines.map((line) => Event.parse(JSON.parse(line)));
  return events.filter(({ pid }) => pid === events.at(-1)?.pid);
}

/** The result of `read_facts`, which has structured content and a text that says something else. */
const SHOWN: Readonly<Record<HostId, RegExp>> = {
  "claude-code": /^\{"subject":"a","structured_fact":"43"\}$/,
  codex: /^Wall time: [\d.]+ seconds\nOutput:\n\{"subject":"a","structured_fact":"43"\}$/,
  opencode: /^text_fact=42 subject=a$/,
};

describe.each(HOST_IDS)("%s", (id) => {
  test("runs a conversation unattended, over several rounds and with calls side by side", async () => {
    const { stdout, conversation } = await ask(id, [
      callsOf(["read_facts", { subject: "a" }], ["write_fact", { fact: "b" }]),
      ({ results }) => ({ calls: [{ tool: "write_fact", input: { fact: `${results.length} results` } }] }),
      end,
    ]);
    expect(stdout).toContain("All facts are known.");
    expect(conversation.results.map(({ tool }) => tool)).toEqual(["read_facts", "write_fact", "write_fact"]);
    expect(conversation.results[0]?.text).toMatch(SHOWN[id]);
    expect(conversation.results[2]?.text).toContain("written: 2 results");
  });

  test("starts the server in the project, with HOME and PATH at least, and leaves none behind", async () => {
    await ask(id, [callsOf(["read_facts", { subject: "a" }]), end]);
    const events = await readServerEvents();
    expect(events[0]).toMatchObject({ event: "start", argv: ["mcp", "serve"], cwd: home.project });
    expect(events[0]?.["env"]).toEqual(expect.arrayContaining(["HOME", "PATH"]));
    expect(["signal", "stdin closed"]).toContain(events.at(-1)?.event);
    await expect(readFile(`/proc/${events[0]?.pid}/stat`)).rejects.toThrow("ENOENT");
  });
});

describe("with nobody there to approve", () => {
  const forget = [callsOf(["forget_fact", { fact: "b" }]), end];
  const textsOf = (results: readonly ToolResult[]) => results.map(({ text }) => text);

  test("Codex refuses a tool that does not say what it does to the world", async () => {
    const { conversation } = await ask("codex", forget);
    expect(textsOf(conversation.results)[0]).toContain("MCP tool call requires approval");
  });

  test("Codex calls it when the user's configuration approves the server's tools", async () => {
    const { conversation } = await ask("codex", forget, CODEX_APPROVES);
    expect(textsOf(conversation.results)[0]).toContain("forgotten: b");
  });

  test("Claude Code calls it when the server is allowed by name", async () => {
    const { conversation } = await ask("claude-code", forget);
    expect(textsOf(conversation.results)).toEqual(["forgotten: b"]);
  });

  test("OpenCode calls it", async () => {
    const { conversation } = await ask("opencode", forget);
    expect(textsOf(conversation.results)).toEqual(["forgotten: b"]);
  });
});
