// A client asked to do something, with nobody there to approve and a scripted model in the place of its own.

import type { HostId } from "../../src/hosts/agent-host.js";
import type { RunResult } from "../../src/platform/processes.js";
import type { ClientHome, ClientRun } from "./client-programs-home.js";
import type { ScriptedModel } from "./scripted-model/scripted-model.js";

export interface Ask extends ClientRun {
  readonly model: ScriptedModel;
  readonly prompt: string;
  /** More of the client's own arguments. */
  readonly args?: readonly string[];
}

/** For tools that may reach into the world: with nobody there to approve, Codex refuses them. */
export const CODEX_APPROVES = ["--config", 'mcp_servers.pyro.default_tools_approval_mode="approve"'] as const;

/** Runs the client to the end of the conversation, in the project, with the servers that its home has connected. */
export async function askClient(id: HostId, home: ClientHome, ask: Ask): Promise<RunResult> {
  const { model, prompt, args = [], env, timeoutMs } = ask;
  const command = COMMANDS[id](model.url);
  const run = { env: { ...command.env, ...env }, ...(timeoutMs !== undefined && { timeoutMs }) };
  return home.run(command.name, [...command.args, ...args, prompt], run);
}

interface ClientCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const COMMANDS: Readonly<Record<HostId, (modelUrl: string) => ClientCommand>> = {
  // Without the permission it asks for one, and with nobody there it refuses itself.
  "claude-code": (url) => ({
    name: "claude",
    args: ["--allowedTools=mcp__pyro", "--print"],
    env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "none" },
  }),
  codex: (url) => ({
    name: "codex",
    args: [
      "exec",
      "--skip-git-repo-check",
      // Else it begins without the tools of a server that is not there within a second or two.
      ...configure("mcp_servers.pyro.required", true),
      ...configure("model", "scripted"),
      ...configure("model_provider", "scripted"),
      ...configure("model_providers.scripted.name", "scripted"),
      ...configure("model_providers.scripted.base_url", `${url}/v1`),
      ...configure("model_providers.scripted.wire_api", "responses"),
    ],
    env: {},
  }),
  opencode: (url) => ({
    name: "opencode",
    args: ["run", "--model", "scripted/scripted"],
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider: { scripted: opencodeProvider(url) } }) },
  }),
};

function configure(key: string, value: string | boolean): string[] {
  return ["--config", `${key}=${JSON.stringify(value)}`];
}

function opencodeProvider(url: string): object {
  return {
    npm: "@ai-sdk/openai-compatible",
    name: "Scripted",
    options: { baseURL: `${url}/v1`, apiKey: "none" },
    models: { scripted: { name: "scripted" } },
  };
}
