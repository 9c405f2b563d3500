// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

/** A connection that a workspace's guest has made, or tried to. */
export interface WorkspaceConnection {
  /** When it began: Unix time, seconds. */
  at: number;

  /** Such as `tcp`, `udp`, `dns`. */
  protocol: string;

  /** What the guest had asked for; empty for a bare address. */
  name: string;
  address: string;
  port: number;
  bytesSent: number;
  bytesReceived: number;

  /** `failed`: allowed, and did not come about. */
  verdict: "allowed" | "refused" | "failed";

  /** Why it was refused or failed. */
  reason: string;

  /** Milliseconds. */
  durationMs: number;

  /** Not known to have ended: its bytes are not known either. */
  open: boolean;

  /** How many this line stands for: of a flood more than one. */
  count: number;
}

/** Result of {@link Pyro.networkLogWorkspace}. */
export interface NetworkLog {
  workspaceId: string;
  networkPolicy: string;

  /** Connections in the record, of that verdict if one was given. */
  count: number;

  /** Place of the first one shown, from the oldest. */
  offset: number;

  /** Oldest first. */
  entries: WorkspaceConnection[];

  /** Where the next piece begins; null at the end. */
  nextOffset: number | null;
}

/** What a workspace's connections add up to. */
export interface NetworkSummary {
  policy: string;
  connections: { total: number; allowed: number; refused: number; failed: number };

  /** Questions to the name server. */
  lookups: number;
  bytesSent: number;
  bytesReceived: number;

  /** What was reached, most connections first; the first of them. */
  names: { name: string; connections: number; bytesSent: number; bytesReceived: number }[];

  /** How many names or bare addresses were reached. */
  nameCount: number;

  /** What was refused, most often first; the first of them. */
  refused: {
    name: string;
    address: string;
    port: number;
    protocol: string;
    reason: string;
    connections: number;
  }[];
}

/** Result of {@link Pyro.networkInfoVm}. */
export interface VmNetworkInfo {
  vmId: string;

  /** Whether the guest has a network. */
  networkEnabled: boolean;

  /** Whether it should reach the internet. */
  outboundConnectivityExpected: boolean;

  /** Why there is no network; null when there is one. */
  reason: string | null;
  guestIp: string | null;
  gatewayIp: string | null;

  /** Such as `10.0.0.0/24`. */
  subnetCidr: string | null;
  macAddress: string | null;
  dnsServers: string[];
}
