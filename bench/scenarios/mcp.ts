// What a coding agent waits for: the MCP server as a process, and a client of it.

import { requireSuccess } from "../../src/bench/one-shot.js";
import { sample, timeMs } from "../../src/bench/sample.js";
import { CLI_ENTRY } from "../../src/platform/package-files.js";
import { Agent } from "../../scripts/smokes/agent.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { BenchProject, SMALL } from "../project.js";

/** The command of the loop: fails until the patch is in. */
const CHECK = "grep -q fixed dir-0/file-0.txt";
const FIX = "--- a/dir-0/file-0.txt\n+++ b/dir-0/file-0.txt\n@@ -0,0 +1,1 @@\n+fixed\n";
const LONG_EXEC_SECONDS = 10;

function connect({ pooled, signal }: DeveloperContext, cwd: string): Promise<Agent> {
  const argv = [process.execPath, CLI_ENTRY, "mcp", "serve"] as const;
  return Agent.connect({ argv: [...argv], env: pooled.env, cwd, signal });
}

/** Measures with one client of one server, which was started in a project of 200 files. */
function withAgent(
  facts: Pick<DeveloperScenario, "name" | "title" | "goal" | "runs">,
  measure: (agent: Agent, context: DeveloperContext) => Promise<number[]>,
): DeveloperScenario {
  return {
    ...facts,
    unit: "ms",
    async run(context) {
      await using project = await BenchProject.create(SMALL);
      const agent = await connect(context, project.directory);
      try {
        return await measure(agent, context);
      } finally {
        await agent.close();
      }
    },
  };
}

const start: DeveloperScenario = {
  name: "mcp-start",
  title: "start of `pyro mcp serve` to its list of tools",
  unit: "ms",
  goal: 400,
  runs: 10,
  run: (context) =>
    sample(context, async () => {
      let agent: Agent | undefined;
      const taken = await timeMs(async () => (agent = await connect(context, "/")));
      await agent?.close();
      return taken;
    }),
};

const exec = withAgent(
  { name: "mcp-exec", title: "workspace_exec of `true` through the MCP server", goal: 25, runs: 50 },
  async (agent, context) => {
    const { workspace_id } = await agent.call("workspace_create", {});
    const values = await sample(context, () =>
      timeMs(async () =>
        requireSuccess(await agent.call("workspace_exec", { workspace_id, command: "true" })),
      ),
    );
    await agent.call("workspace_delete", { workspace_id });
    return values;
  },
);

const loop = withAgent(
  {
    name: "mcp-repro-fix",
    title:
      "create, run, patch, run, diff, reset, delete of 200 files through the MCP server, without the runs' own time",
    goal: 1_500,
    runs: 8,
  },
  (agent, context) =>
    sample(context, async () => {
      let commandsMs = 0;
      const taken = await timeMs(async () => {
        const { workspace_id } = await agent.call("workspace_create", {});
        const run = async () => {
          const result = await agent.call("workspace_exec", { workspace_id, command: CHECK });
          commandsMs += result.duration_ms;
          return result;
        };
        await run();
        await agent.call("workspace_patch_apply", { workspace_id, patch: FIX });
        requireSuccess(await run());
        await agent.call("workspace_diff", { workspace_id });
        await agent.call("workspace_reset", { workspace_id });
        await agent.call("workspace_delete", { workspace_id });
      });
      return taken - commandsMs;
    }),
);

const ping = withAgent(
  { name: "mcp-ping", title: "ping of the MCP server while a command runs", goal: 20, runs: 50 },
  async (agent, context) => {
    const { workspace_id } = await agent.call("workspace_create", {});
    const command = `sleep ${LONG_EXEC_SECONDS}`;
    const running = agent.call("workspace_exec", { workspace_id, command });
    const values = await sample(context, () => timeMs(() => agent.ping()));
    await running;
    await agent.call("workspace_delete", { workspace_id });
    return values;
  },
);

export const MCP_SCENARIOS: readonly DeveloperScenario[] = [start, exec, loop, ping];
