// A guest's network: what it may reach, and its addresses, which are the same in every guest.

export const NETWORK_POLICIES = ["off", "egress", "egress+published-ports"] as const;

/**
 * `off`: no interface but loopback. `egress`: connections out, but for what is forbidden to every guest.
 * `egress+published-ports`: ports of services may be reached from 127.0.0.1 of the host, too.
 */
export type NetworkPolicy = (typeof NETWORK_POLICIES)[number];

/** No two guests share a link: one range serves all. */
export const GUEST_NETWORK = {
  address: "10.87.0.2",
  prefixLength: 24,
  gateway: "10.87.0.1",
  subnet: "10.87.0.0/24",
  /** The user-space stack on the host answers for names, at the gateway's address. */
  dnsServer: "10.87.0.1",
  /** Bytes. Large packets are what makes the path fast: each costs a copy through a socket. */
  mtu: 65_535,
} as const;

export function hasNetwork(policy: NetworkPolicy): boolean {
  return policy !== "off";
}
