// The client of a test's pyro.

import { Client } from "../../src/client/client.js";
import type { ResultOf } from "../../src/operations/registry.js";
import { findSandboxProcesses, type SandboxProcess } from "../../src/machine/gvisor/sandbox-processes.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import type { TestPyro } from "./test-pyro.js";

export type DaemonStatus = ResultOf<"daemon_status">;

/**
 * The daemon is started by the CLI: so it has the surroundings of the test's pyro, not those of vitest. By a command
 * that is answered at once: a new daemon's list of environments looks at all their files first.
 */
export async function connectClient(pyro: TestPyro): Promise<Client> {
  const { status, stderr } = await pyro.run(["workspace", "list"]);
  if (status !== 0) throw new Error(`the daemon does not start: ${stderr}`);
  return new Client(pyro.settings);
}

/** What the daemon does; it must run. */
export async function daemonStatus(client: Client): Promise<DaemonStatus> {
  return client.invoke("daemon_status", {});
}

/** The Sentry of a guest that runs. */
export async function findSandbox(pyro: TestPyro, machineId: string): Promise<SandboxProcess> {
  const rootDir = runscRootDir(resolveStatePaths(pyro.settings));
  const found = await findSandboxProcesses(rootDir, machineId);
  const sandbox = found.find(({ kind }) => kind === "sandbox");
  if (!sandbox) throw new Error(`no sandbox runs for ${machineId}`);
  return sandbox;
}

/** The host's side of a one-shot guest that has started. */
export async function findMachineId(client: Client, vmId: string): Promise<string> {
  const { guests } = await daemonStatus(client);
  const guest = guests.find((each) => each.id === vmId);
  if (!guest) throw new Error(`${vmId} does not run`);
  return guest.machine_id;
}
