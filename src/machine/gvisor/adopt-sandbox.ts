// Takes over a sandbox that another daemon started: its agent, which has lost that daemon, dials again.

import { PyroError } from "../../contract/errors.js";
import type { MachineId } from "../../contract/ids.js";
import { GuestAgent } from "../../guest/agent.js";
import { listenForAgent } from "../../guest/channel.js";
import { isAlive } from "../../platform/process-identity.js";
import { GvisorMachine } from "./gvisor-machine.js";
import { sandboxDirectory, type GvisorHost } from "./host.js";

/** The agent looks for its socket twice a second. */
const REDIAL_TIMEOUT_MS = 10_000;

/** Undefined: the sandbox is dead, has no readable record, or its agent does not come back. */
export async function adoptSandbox(
  host: GvisorHost,
  id: MachineId,
  signal?: AbortSignal,
): Promise<GvisorMachine | undefined> {
  const directory = sandboxDirectory(host.paths, id);
  const record = await directory.findRecord();
  if (!record || !(await isAlive(record))) return undefined;
  const deadline = AbortSignal.timeout(REDIAL_TIMEOUT_MS);
  await using listener = await listenForAgent(directory.socketPath);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  ended.addEventListener("abort", () => void listener.close(), { once: true });
  let agent: GuestAgent | undefined;
  try {
    agent = new GuestAgent(await listener.connection);
    await agent.hello(Buffer.from(record.token, "hex"), ended);
    return new GvisorMachine(host, id, record, agent);
  } catch (error) {
    agent?.close();
    signal?.throwIfAborted();
    if (error instanceof PyroError) return undefined;
    throw error;
  }
}
