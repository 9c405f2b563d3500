// A guest's network without a daemon.

import { randomBytes } from "node:crypto";
import path from "node:path";
import { GUEST_NETWORK } from "../src/contract/network.js";
import type { Machine } from "../src/machine/engine.js";
import { launchDetached } from "../src/platform/launch-detached.js";
import { LIBEXEC_DIR } from "../src/platform/package-files.js";
import { HOST_ENV } from "../src/platform/processes.js";
import type { PeerNetwork } from "./peer-network.js";

/** Gives the guest a network that ends beside the peer's cable. Returns the helper's pid. */
export async function attachNetwork(
  machine: Machine,
  peer: PeerNetwork,
  recordFile: string,
  signal: AbortSignal,
): Promise<number> {
  const { networkSocket } = machine;
  if (!networkSocket) throw new Error("this guest can have no network");
  const token = randomBytes(32);
  const { path: socket, name: socketName } = networkSocket;
  const input = { socket, token: token.toString("hex"), record: recordFile, allow: [] };
  const argv = peer.onHost([path.join(LIBEXEC_DIR, "pyro-helper"), "network", machine.id]);
  const line = await launchDetached(argv, { env: HOST_ENV, signal, input: `${JSON.stringify(input)}\n` });
  const pid = /^\{"ready":true,"pid":(\d+),/.exec(line)?.[1];
  if (pid === undefined) throw new Error(`the helper said ${line}`);
  const attachment = {
    socketName,
    token,
    addressCidr: `${GUEST_NETWORK.address}/${GUEST_NETWORK.prefixLength}`,
    gateway: GUEST_NETWORK.gateway,
    ipv6: { addressCidr: "fd87::2/64", gateway: "fd87::1" },
    dnsServers: [GUEST_NETWORK.dnsServer],
    mtu: GUEST_NETWORK.mtu,
  };
  await machine.agent.network.attach(attachment, signal);
  return Number(pid);
}
