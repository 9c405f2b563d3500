// One agent on the host, and the directory that its commands run in.

import { readFile, rm } from "node:fs/promises";
import type { MachineId } from "../../contract/ids.js";
import type { GuestAgent } from "../../guest/agent.js";
import { findProcess, signalProcess, waitForExit } from "../../platform/process-identity.js";
import type { Machine, MachineExit } from "../engine.js";
import { readTreeBytes } from "./tree-bytes.js";

const SHUTDOWN_GRACE_MS = 2_000;
const EXIT_TIMEOUT_MS = 5_000;

export class HostCompatMachine implements Machine {
  readonly id: MachineId;
  readonly agent: GuestAgent;
  readonly engine = { name: "host_compat", platform: "host", securityBoundary: false } as const;
  readonly exited: Promise<MachineExit>;
  /** It is never started on a layer. */
  readonly loaded = Promise.resolve();
  readonly #pid: number;
  readonly #directory: string;
  #removal: Promise<void> | undefined;

  constructor(id: MachineId, agent: GuestAgent, pid: number, directory: string) {
    this.id = id;
    this.agent = agent;
    this.#pid = pid;
    this.#directory = directory;
    this.exited = agent.closed.then(() =>
      this.#removal
        ? { reason: "removed", message: "the agent was removed" }
        : { reason: "ended", message: "the agent on the host ended" },
    );
  }

  async memoryBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, "utf8").catch(() => "");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  }

  diskBytes(): Promise<number> {
    return readTreeBytes(this.#directory);
  }

  /** The agent ends its commands' trees before itself: on the host they would outlive a kill. */
  kill(): Promise<void> {
    return this.remove();
  }

  remove(): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  release(): void {
    this.agent.close();
  }

  async #remove(): Promise<void> {
    const process = await findProcess(this.#pid);
    // Ends the commands' trees too; an agent that does not answer is killed below.
    await this.agent.shutdown(SHUTDOWN_GRACE_MS).catch(() => undefined);
    if (process && !(await waitForExit(process, EXIT_TIMEOUT_MS))) await signalProcess(process, "SIGKILL");
    this.agent.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
