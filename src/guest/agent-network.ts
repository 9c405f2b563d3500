// The guest's end of its network: the device that the agent makes, connected to a stack on the host.

import type { Client } from "@connectrpc/connect";
import type { NetworkService } from "./gen/agent/v1/network_pb.js";
import { translateRpcError } from "./rpc-error.js";

export interface NetworkAttachment {
  /** Of the stack's socket, beside the agent's own. */
  readonly socketName: string;
  /** 32 bytes, by which the stack knows the agent. */
  readonly token: Uint8Array;
  /** With the length of the network's prefix, such as `10.87.0.2/24`. */
  readonly addressCidr: string;
  readonly gateway: string;
  /** Absent: no IPv6. */
  readonly ipv6?: { readonly addressCidr: string; readonly gateway: string } | undefined;
  readonly dnsServers: readonly string[];
  /** Bytes of a packet at most. */
  readonly mtu: number;
}

const ATTACH_TIMEOUT_MS = 10_000;

export class AgentNetwork {
  readonly #client: Client<typeof NetworkService>;

  constructor(client: Client<typeof NetworkService>) {
    this.#client = client;
  }

  /** The guest has its network when this resolves; a former connection is replaced. */
  async attach(attachment: NetworkAttachment, signal?: AbortSignal): Promise<void> {
    const { socketName, token, addressCidr, gateway, ipv6, dnsServers, mtu } = attachment;
    const request = {
      socketName,
      token: Uint8Array.from(token),
      addressCidr,
      gateway,
      address6Cidr: ipv6?.addressCidr ?? "",
      gateway6: ipv6?.gateway ?? "",
      dns: [...dnsServers],
      mtu,
    };
    try {
      await this.#client.attach(request, { timeoutMs: ATTACH_TIMEOUT_MS, ...(signal && { signal }) });
    } catch (error) {
      throw translateRpcError(error, signal);
    }
  }

  /** Whether the guest is connected: at once, then with every change, until the guest or `signal` ends it. */
  async *watch(signal: AbortSignal): AsyncGenerator<boolean> {
    try {
      for await (const { attached } of this.#client.watch({}, { signal })) yield attached;
    } catch (error) {
      throw translateRpcError(error, signal);
    }
  }
}
