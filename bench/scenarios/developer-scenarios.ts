// What `make bench` measures beyond `pyro bench`. Memory comes before the throughputs, which leave the daemon larger.

import type { DeveloperScenario } from "../context.js";
import { agentExec, agentInput, agentOutput, agentPing } from "./agent-calls.js";
import { cliRunFresh, cliRunParked } from "./cli-run.js";
import { cliEnvList, cliEnvListStart, cliVersion } from "./cli-start.js";
import { cliInput, cliOutput } from "./cli-throughput.js";
import { engineRemoval, engineStart } from "./engine-start.js";
import { daemonProportional, daemonResident, sandboxMemory } from "./idle-costs.js";
import { IMAGE_SCENARIOS } from "./images.js";
import { MCP_LIST_SCENARIOS } from "./mcp-lists.js";
import { MCP_SCENARIOS } from "./mcp.js";
import { networkConnect, networkDown, networkUp } from "./network.js";
import { SERVICE_SCENARIOS } from "./services.js";
import { shellEcho } from "./shells.js";
import { WORKSPACE_SCENARIOS } from "./workspaces.js";

export const DEVELOPER_SCENARIOS: readonly DeveloperScenario[] = [
  cliVersion,
  cliEnvList,
  cliEnvListStart,
  cliRunParked,
  cliRunFresh,
  engineStart,
  engineRemoval,
  agentPing,
  agentExec,
  daemonResident,
  daemonProportional,
  sandboxMemory,
  agentOutput,
  agentInput,
  cliOutput,
  cliInput,
  networkConnect,
  networkDown,
  networkUp,
  ...IMAGE_SCENARIOS,
  ...WORKSPACE_SCENARIOS,
  ...SERVICE_SCENARIOS,
  shellEcho,
  ...MCP_SCENARIOS,
  ...MCP_LIST_SCENARIOS,
];
