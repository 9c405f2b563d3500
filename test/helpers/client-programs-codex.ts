// Codex asked what it thinks of its servers. `codex mcp` knows its configuration only; its app server starts them.

import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { z } from "zod";
import { runProcess } from "../../src/platform/processes.js";
import type { ClientHome } from "./client-programs-home.js";

const Status = z.object({
  name: z.string(),
  serverInfo: z.object({ name: z.string(), version: z.string() }).nullable(),
  tools: z.record(z.string(), z.unknown()),
  toolsError: z.string().nullable(),
});
const Answer = z.object({ id: z.literal(2), result: z.object({ data: z.array(Status) }) });

export type CodexServer = z.infer<typeof Status>;

/** The servers of the home's Codex, each started and asked for its tools. */
export async function listCodexServers(home: ClientHome): Promise<CodexServer[]> {
  const requests = [
    { id: 1, method: "initialize", params: { clientInfo: { name: "pyro-test", version: "1" } } },
    { method: "initialized" },
    { id: 2, method: "mcpServerStatus/list", params: { detail: "toolsAndAuthOnly" } },
  ];
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  stdin.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
  let servers: CodexServer[] | undefined;
  createInterface({ input: stdout }).on("line", (line) => {
    servers ??= Answer.safeParse(JSON.parse(line)).data?.result.data;
    // It leaves when its stdin ends, whatever it was still asked.
    if (servers) stdin.end();
  });
  const { env, project: cwd } = home;
  const { stderr } = await runProcess(["env", "codex", "app-server"], {
    env,
    cwd,
    stdin,
    stdout,
    timeoutMs: 60_000,
  });
  if (!servers) throw new Error(`codex did not list its servers: ${stderr}`);
  return servers;
}
