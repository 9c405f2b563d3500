// Takes over a sandbox that another daemon started: its agent, which has lost that daemon, dials again.

import { PyroError } from "../../contract/errors.js";
import type { MachineId } from "../../contract/ids.js";
import { GuestAgent } from "../../guest/agent.js";
import { listenForAgent } from "../../guest/channel.js";
import { isAlive } from "../../platform/process-identity.js";
import { GvisorMachine } from "./gvisor-machine.js";
import { sandboxDirectory, type GvisorHost } from "./host.js";
import { SandboxLayers } from "./sandbox-layers.js";
import { SandboxUsage } from "./sandbox-usage.js";

/** The agent looks for its socket twice a second. */
const REDIAL_TIMEOUT_MS = 10_000;
/** Whoever has connected must say who it is within this. */
const HELLO_TIMEOUT_MS = 2_000;

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
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  while (!ended.aborted) {
    const agent = await meetAgent(directory.socketPath, Buffer.from(record.token, "hex"), ended);
    if (agent) {
      const layers = new SandboxLayers(host, record);
      return new GvisorMachine({ host, id, record, agent, layers, usage: new SandboxUsage(record.pid) });
    }
  }
  signal?.throwIfAborted();
  return undefined;
}

/** One connection. Undefined: it was not the agent's, a user's program has dialled in its stead; or nobody came. */
async function meetAgent(
  socketPath: string,
  token: Uint8Array,
  ended: AbortSignal,
): Promise<GuestAgent | undefined> {
  await using listener = await listenForAgent(socketPath);
  const onEnd = () => void listener.close();
  ended.addEventListener("abort", onEnd, { once: true });
  let agent: GuestAgent | undefined;
  try {
    agent = new GuestAgent(await listener.connection);
    await agent.hello(token, AbortSignal.any([ended, AbortSignal.timeout(HELLO_TIMEOUT_MS)]));
    return agent;
  } catch (error) {
    agent?.close();
    if (error instanceof PyroError || ended.aborted || isTimeout(error)) return undefined;
    throw error;
  } finally {
    ended.removeEventListener("abort", onEnd);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
