// Commands in a directory on the host through the same agent protocol. There is no isolation at all:
// this engine is used only when the user asks for it by flag and no guest can start.

import { randomBytes } from "node:crypto";
import { access, constants, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { isMachineId, type MachineId } from "../../contract/ids.js";
import { GuestAgent } from "../../guest/agent.js";
import { listenForAgent } from "../../guest/channel.js";
import { LIBEXEC_DIR } from "../../platform/package-files.js";
import { findProcesses } from "../../platform/find-processes.js";
import { signalProcess, waitForExit } from "../../platform/process-identity.js";
import { HOST_ENV, runProcess } from "../../platform/processes.js";
import { readNames } from "../../platform/read-names.js";
import { Scope } from "../../platform/scope.js";
import { checkShortState, type StatePaths } from "../../platform/state-paths.js";
import type { Engine, EngineReport, Machine, MachineSpec } from "../engine.js";
import { HostCompatMachine } from "./host-compat-machine.js";

const START_TIMEOUT_MS = 10_000;
/** The agent itself gives its commands two seconds. */
const END_TIMEOUT_MS = 5_000;

export class HostCompatEngine implements Engine {
  readonly name = "host_compat";
  readonly #paths: StatePaths;
  readonly #agentPath: string;

  constructor(paths: StatePaths, agentPath = path.join(LIBEXEC_DIR, "pyro-agent")) {
    this.#paths = paths;
    this.#agentPath = agentPath;
  }

  async probe(): Promise<EngineReport> {
    const usable = await access(this.#agentPath, constants.X_OK).then(
      () => true,
      () => false,
    );
    return {
      name: this.name,
      platform: usable ? "host" : undefined,
      version: "",
      securityBoundary: false,
      memoryLimit: "watchdog",
      build: undefined,
      kvmBootsGuest: false,
      problems: [],
    };
  }

  async start(spec: MachineSpec, signal?: AbortSignal): Promise<Machine> {
    if (spec.layer) throw new PyroError("not_yet_available", "commands on the host start on no layer");
    await checkShortState(this.#paths);
    await using scope = new Scope();
    const directory = this.#directory(spec.id);
    scope.defer(() => this.#remove(spec.id));
    const root = path.join(directory, "root");
    const socket = path.join(directory, "channel", "agent.sock");
    await mkdir(root, { recursive: true, mode: 0o700 });
    await mkdir(path.dirname(socket), { mode: 0o700 });
    await using listener = await listenForAgent(socket);
    const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
    const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
    ended.addEventListener("abort", () => void listener.close(), { once: true });

    await this.#launch(root, socket, ended);
    const agent = new GuestAgent(await listener.connection);
    scope.defer(() => agent.close());
    const { pid } = await agent.hello(undefined, ended);
    // Its warnings say that a host's identity is left alone, which is what this engine is about.
    await agent.configure(
      { token: randomBytes(32), hostname: "pyro", machineId: randomBytes(16).toString("hex"), maxTasks: 0 },
      ended,
    );
    scope.move();
    return new HostCompatMachine(spec.id, agent, pid, directory);
  }

  /** Nothing is left to adopt: the agent ends when it finds no daemon to dial. */
  adopt(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async reap(keep: ReadonlySet<string>): Promise<readonly string[]> {
    const names = await readNames(path.join(this.#paths.shortState, "host-compat"));
    const orphans = names.filter(isMachineId).filter((id) => !keep.has(id));
    for (const id of orphans) await this.#remove(id);
    return orphans;
  }

  // TERM lets the agent end its commands' trees; they are its children, and nobody else could find them.
  async #remove(id: MachineId): Promise<void> {
    const directory = this.#directory(id);
    const root = path.join(directory, "root");
    for (const agent of await findProcesses((argv) => argv.includes("--host-root") && argv.includes(root))) {
      await signalProcess(agent, "SIGTERM");
      if (!(await waitForExit(agent, END_TIMEOUT_MS))) await signalProcess(agent, "SIGKILL");
    }
    await rm(directory, { recursive: true, force: true });
  }

  #directory(id: MachineId): string {
    return path.join(this.#paths.shortState, "host-compat", id);
  }

  // setsid --fork: the agent is nobody's child, as a sandbox is.
  async #launch(root: string, socket: string, signal: AbortSignal): Promise<void> {
    const nothing = await open("/dev/null", "r+");
    try {
      const argv = ["setsid", "--fork", this.#agentPath, "--host-root", root, "--socket", socket] as const;
      const stdio = [nothing.fd, nothing.fd, nothing.fd];
      const { exitCode, stderr } = await runProcess([...argv], { env: HOST_ENV, stdio, signal });
      if (exitCode === 0) return;
      throw new PyroError("guest_start_failed", `the agent could not be started on the host: ${stderr}`);
    } finally {
      await nothing.close();
    }
  }
}
