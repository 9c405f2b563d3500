// A guest's agent, as the host sees it: identity, clock, commands, shutdown.

import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { createClient, type Client } from "@connectrpc/connect";
import { PyroError } from "../contract/errors.js";
import { AgentFiles } from "./agent-files.js";
import { AgentNetwork } from "./agent-network.js";
import { execInGuest, type ExecRequest, type ExecResult, type OnOutput } from "./exec.js";
import type { GuestFiles } from "./files.js";
import { translateRpcError } from "./rpc-error.js";
import { FilesService, MachineService, ProcessService } from "./gen/agent/v1/agent_pb.js";
import { NetworkService } from "./gen/agent/v1/network_pb.js";
import { SecretsService } from "./gen/agent/v1/secrets_pb.js";
import { putSecretsInGuest, type GuestSecrets } from "./secrets.js";
import { ShellsService } from "./gen/agent/v1/shells_pb.js";
import { PortService } from "./gen/agent/v1/ports_pb.js";
import { SupervisorService } from "./gen/agent/v1/services_pb.js";
import { GuestPorts } from "./ports.js";
import { GuestServices } from "./services.js";
import { openSession, type AgentSession } from "./session.js";
import { GuestShells } from "./shells.js";

/** Must equal the agent's; both come from proto/agent/v1/agent.proto. */
export const PROTOCOL_VERSION = 1;

/** For calls that the agent answers out of its memory. */
const CALL_TIMEOUT_MS = 10_000;

export interface GuestIdentity {
  /** 32 random bytes, given to the agent once: later connections are recognised by it. */
  readonly token: Uint8Array;
  readonly hostname: string;
  /** 32 hexadecimal digits, machine-id(5). */
  readonly machineId: string;
  /** Most tasks of the user's commands together. */
  readonly maxTasks: number;
}

export interface AgentHello {
  readonly agentVersion: string;
  readonly bootId: string;
  /** The agent's own pid, in its own namespace. */
  readonly pid: number;
}

export class GuestAgent {
  readonly network: AgentNetwork;
  readonly services: GuestServices;
  readonly ports: GuestPorts;
  readonly #session: AgentSession;
  readonly #machine: Client<typeof MachineService>;
  readonly #process: Client<typeof ProcessService>;
  readonly #files: Client<typeof FilesService>;
  readonly #secrets: Client<typeof SecretsService>;
  readonly shells: GuestShells;

  /** Takes over the accepted connection of an agent. */
  constructor(socket: Socket) {
    this.#session = openSession(socket);
    this.#machine = createClient(MachineService, this.#session.transport);
    this.#process = createClient(ProcessService, this.#session.transport);
    this.#files = createClient(FilesService, this.#session.transport);
    this.network = new AgentNetwork(createClient(NetworkService, this.#session.transport));
    this.#secrets = createClient(SecretsService, this.#session.transport);
    this.shells = new GuestShells(createClient(ShellsService, this.#session.transport));
    this.services = new GuestServices(createClient(SupervisorService, this.#session.transport));
    this.ports = new GuestPorts(createClient(PortService, this.#session.transport));
  }

  /** Resolves when the connection is gone: the guest ended, or its agent lost it. */
  get closed(): Promise<void> {
    return this.#session.closed;
  }

  /**
   * The first call on a connection. With `expectedToken` the peer must be the agent that was configured with it;
   * without, an agent that was not configured yet.
   */
  async hello(expectedToken: Uint8Array | undefined, signal?: AbortSignal): Promise<AgentHello> {
    const hello = await this.#call((options) => this.#machine.hello({}, options), signal);
    if (hello.protocolVersion !== PROTOCOL_VERSION) {
      throw new PyroError(
        "guest_start_failed",
        `the agent speaks protocol ${hello.protocolVersion}, this host ${PROTOCOL_VERSION}`,
      );
    }
    if (!equalBytes(hello.token, expectedToken ?? new Uint8Array())) {
      throw new PyroError(
        "guest_start_failed",
        "what connected to the agent's socket is not this guest's agent",
      );
    }
    return { agentVersion: hello.agentVersion, bootId: hello.bootId, pid: hello.pid };
  }

  /** Gives a fresh guest its identity. Returns what could not be applied, in words. */
  async configure(identity: GuestIdentity, signal?: AbortSignal): Promise<readonly string[]> {
    const { token, hostname, machineId, maxTasks } = identity;
    const request = { token: Uint8Array.from(token), hostname, machineId, maxTasks };
    const response = await this.#call((options) => this.#machine.configure(request, options), signal);
    return response.warnings;
  }

  /** The guest's wall clock, milliseconds since 1970. */
  async ping(signal?: AbortSignal): Promise<number> {
    const { unixNanos } = await this.#call((options) => this.#machine.ping({}, options), signal);
    return Number(unixNanos / 1000n) / 1000;
  }

  /** Runs one command to its end. A non-zero exit is a result; `signal` kills the command's whole tree. */
  async exec(request: ExecRequest, onOutput: OnOutput, signal?: AbortSignal): Promise<ExecResult> {
    return execInGuest(this.#process, request, onOutput, signal);
  }

  /** Sends a signal, by its number, to a running command's process group. False: no such command. */
  async signal(processId: string, signalNumber: number): Promise<boolean> {
    const response = await this.#call((options) =>
      this.#process.signal({ processId, signal: signalNumber }, options),
    );
    return response.delivered;
  }

  /** Files below the directory `root`, an absolute path in the guest. */
  files(root: string): GuestFiles {
    return new AgentFiles(this.#files, root);
  }

  /** Gives a guest its secrets: once, before anything runs in it. */
  async putSecrets(secrets: GuestSecrets, signal?: AbortSignal): Promise<void> {
    await this.#call((options) => putSecretsInGuest(this.#secrets, secrets, options), signal);
  }

  /** Ends all processes of the guest, TERM then KILL after `graceMs`, and the guest itself. */
  async shutdown(graceMs: number): Promise<void> {
    await this.#call((options) => this.#machine.shutdown({ graceMs }, options));
  }

  close(): void {
    this.#session.close();
  }

  async #call<Result>(
    call: (options: { timeoutMs: number; signal?: AbortSignal }) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await call({ timeoutMs: CALL_TIMEOUT_MS, ...(signal && { signal }) });
    } catch (error) {
      throw translateRpcError(error, signal);
    }
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
