// The published ports of one guest: each connection of the host's is carried to the agent, while its service runs.

import type { Socket } from "node:net";
import { PyroError } from "../../contract/errors.js";
import type { GuestPorts } from "../../guest/ports.js";
import type { HostPorts, OpenPort, PortRequest } from "./host-ports.js";
import type { ServiceRecord } from "./service-record.js";

/** Connections to one guest at once: calls to its agent must find a stream among the 1,024 that it serves. */
const MAX_CONNECTIONS = 256;

export class PublishedPorts {
  readonly #hostPorts: HostPorts;
  readonly #guestPorts: GuestPorts;
  /** Whose they are, in words. */
  readonly #owner: string;
  readonly #open = new Map<string, readonly OpenPort[]>();
  #connectionCount = 0;

  constructor(hostPorts: HostPorts, guestPorts: GuestPorts, owner: string) {
    this.#hostPorts = hostPorts;
    this.#guestPorts = guestPorts;
    this.#owner = owner;
  }

  /** Opens all or none; `others` are the services that run. Throws `conflict` with the port and its holder. */
  async open(
    service: string,
    ports: readonly PortRequest[],
    others: readonly ServiceRecord[],
  ): Promise<readonly OpenPort[]> {
    this.#checkGuestPorts(service, ports, others);
    const holder = `the service ${service} of ${this.#owner}`;
    const open = await this.#hostPorts.open(ports, holder, this.#carry);
    this.#open.set(service, open);
    return open;
  }

  /** Frees the ports of a service; connections are broken. */
  async close(service: string): Promise<void> {
    const open = this.#open.get(service) ?? [];
    this.#open.delete(service);
    await Promise.all(open.map((port) => port.close()));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((service) => this.close(service)));
  }

  readonly #carry = async (guestPort: number, socket: Socket, signal: AbortSignal): Promise<void> => {
    if (this.#connectionCount >= MAX_CONNECTIONS) {
      socket.resetAndDestroy();
      return;
    }
    this.#connectionCount += 1;
    try {
      await this.#guestPorts.carry(guestPort, socket, signal);
    } catch {
      // Whoever connected sees its connection break: nobody else asked for it.
    } finally {
      this.#connectionCount -= 1;
    }
  };

  #checkGuestPorts(service: string, ports: readonly PortRequest[], others: readonly ServiceRecord[]): void {
    const holders = new Map(others.flatMap(({ name, ports }) => ports.map((port) => [port.guestPort, name])));
    for (const { guestPort } of ports) {
      const holder = holders.get(guestPort);
      holders.set(guestPort, service);
      if (holder === undefined) continue;
      throw new PyroError(
        "conflict",
        `port ${guestPort} of the guest is published already, by the service ${holder} of ${this.#owner}`,
        { hint: "Stop that service, or leave the port out.", details: { guest_port: guestPort, holder } },
      );
    }
  }
}
