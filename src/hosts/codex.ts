// Codex: entries are read and written by `codex mcp`, in the one configuration of the user.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { isSystemError } from "../contract/errors.js";
import { describeHostFailure, runHostProgram, runHostProgramOrThrow } from "./host-program.js";
import type { AgentHost, HostContext, HostEntry } from "./agent-host.js";
import { readTableSettings } from "./codex-config.js";
import { parseJson } from "./parse-json.js";
import { SERVER_NAME } from "./server-command.js";

const NO_ENTRY = `No MCP server named '${SERVER_NAME}'`;

const Transport = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("stdio"),
    command: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()).nullable(),
  }),
  z.object({ type: z.literal("streamable_http"), url: z.string() }),
]);

/** What `codex mcp get --json` prints. */
const Entry = z.looseObject({ enabled: z.boolean(), transport: Transport });

/** Keys of `codex mcp get --json` that `codex mcp add` cannot set. */
const USER_SETTINGS = ["enabled_tools", "disabled_tools", "startup_timeout_sec", "tool_timeout_sec"];
/** Those that `codex mcp get` does not show either. */
const HIDDEN_SETTINGS = ["default_tools_approval_mode", "required"];

export const codex: AgentHost = {
  id: "codex",
  title: "Codex",
  programName: "codex",

  async readEntry(program, context) {
    const entry = await readRaw(program, context);
    return entry && toHostEntry(entry);
  },

  async writeEntry(program, command, context, { found }) {
    const lost = found ? await listUserSettings(program, context) : [];
    const variables = Object.entries(command.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const words = [command.command, ...command.args];
    // It replaces an entry of the same name.
    await runHostProgramOrThrow(
      codex,
      program,
      ["mcp", "add", SERVER_NAME, ...variables, "--", ...words],
      context,
    );
    return lost.map((setting) => `${setting} was in the entry before; set it again`);
  },
};

type Entry = z.infer<typeof Entry>;

/** What the entry has and a new one will not have, as `key=value`. */
async function listUserSettings(program: string, context: HostContext): Promise<string[]> {
  const entry = await readRaw(program, context);
  const shown = USER_SETTINGS.filter((key) => entry?.[key] !== undefined && entry[key] !== null);
  const hidden = readTableSettings(await readConfig(context));
  return [
    ...shown.map((key) => `${key}=${JSON.stringify(entry?.[key])}`),
    ...HIDDEN_SETTINGS.filter((key) => hidden.has(key)).map((key) => `${key}=${hidden.get(key) ?? ""}`),
  ];
}

async function readConfig({ env }: HostContext): Promise<string> {
  const directory = env["CODEX_HOME"] ?? path.join(env["HOME"] ?? homedir(), ".codex");
  try {
    return await readFile(path.join(directory, "config.toml"), "utf8");
  } catch (error) {
    // Codex may have an entry from elsewhere, such as the machine's own configuration.
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}

async function readRaw(program: string, context: HostContext): Promise<Entry | undefined> {
  const args = ["mcp", "get", SERVER_NAME, "--json"];
  const result = await runHostProgram(program, args, context);
  if (result.stderr.includes(NO_ENTRY)) return undefined;
  const entry = Entry.safeParse(parseJson(result.stdout));
  if (!entry.success) throw describeHostFailure(codex, args, result);
  return entry.data;
}

function toHostEntry({ enabled, transport }: Entry): HostEntry {
  const isProgram = transport.type === "stdio";
  return {
    location: "user",
    command: isProgram ? transport.command : undefined,
    argumentLine: isProgram ? transport.args.join(" ") : transport.url,
    ...(isProgram && { args: transport.args }),
    env: (isProgram && transport.env) || {},
    enabled,
  };
}
