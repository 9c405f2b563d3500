// OpenCode: the entry is read as OpenCode resolves it from all of its files, and written into one of them.

import { z } from "zod";
import { describeHostFailure, runHostProgram } from "./host-program.js";
import { findOpencodeFile, writeOpencodeFile } from "./opencode-file.js";
import type { AgentHost, HostEntry } from "./agent-host.js";
import { parseJson } from "./parse-json.js";
import { SERVER_NAME } from "./server-command.js";

const Entry = z.object({
  command: z.array(z.string()).optional(),
  url: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  enabled: z.boolean().default(true),
});

/** The part of `opencode debug config` that is about our server. */
const Config = z.object({ mcp: z.object({ [SERVER_NAME]: Entry.optional() }).default({}) });

export const opencode: AgentHost = {
  id: "opencode",
  title: "OpenCode",
  programName: "opencode",

  async readEntry(program, context) {
    const args = ["debug", "config"];
    const result = await runHostProgram(program, args, context);
    const config = Config.safeParse(parseJson(result.stdout));
    if (!config.success) throw describeHostFailure(opencode, args, result);
    const entry = config.data.mcp[SERVER_NAME];
    return entry && toHostEntry(entry);
  },

  async writeEntry(_program, command, { env }, { place }) {
    const { file, backup } = await writeOpencodeFile(place.file ?? (await findOpencodeFile(env)), command);
    const kept = backup === undefined ? [] : [`what was in it was no configuration and is kept in ${backup}`];
    return [`written to ${file}`, ...kept];
  },
};

function toHostEntry({ command, url, environment, enabled }: z.infer<typeof Entry>): HostEntry {
  const [program, ...args] = command ?? [];
  return {
    location: "configuration",
    command: program,
    argumentLine: command ? args.join(" ") : (url ?? ""),
    ...(command && { args }),
    env: environment,
    enabled,
  };
}
