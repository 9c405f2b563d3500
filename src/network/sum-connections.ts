// What a record of connections adds up to.

import type { Connection, Verdict } from "./connection-record.js";

export interface Target {
  /** "" when the guest asked for no name. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly reason: string;
  readonly connectionCount: number;
}

export interface NameTraffic {
  /** An address where the guest asked for no name. */
  readonly name: string;
  readonly connectionCount: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface ConnectionSums {
  /** Of connections; names that were asked for are no connections. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Questions to the name server. */
  readonly lookupCount: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Names that were reached, most connections first. */
  readonly names: readonly NameTraffic[];
  readonly nameCount: number;
  /** What was refused, most often first. */
  readonly refused: readonly Target[];
}

/** A guest may reach out to as many names as it likes: of those beyond this only the connections are counted. */
const MAX_TRACKED = 10_000;
const LOOKUP = "dns";
const MAX_NAMES = 20;
const MAX_REFUSED = 20;

export async function sumConnections(connections: AsyncIterable<Connection>): Promise<ConnectionSums> {
  const counts = { allowed: 0, refused: 0, failed: 0 };
  const names = new Map<string, NameTraffic>();
  const refused = new Map<string, Target>();
  let lookupCount = 0;
  let bytesSent = 0;
  let bytesReceived = 0;
  for await (const connection of connections) {
    if (connection.verdict === "refused") addTarget(refused, connection);
    if (connection.protocol === LOOKUP) {
      lookupCount += connection.count;
      continue;
    }
    counts[connection.verdict] += connection.count;
    bytesSent += connection.bytes_sent;
    bytesReceived += connection.bytes_received;
    if (connection.verdict === "allowed") addTraffic(names, connection);
  }
  return {
    counts,
    lookupCount,
    bytesSent,
    bytesReceived,
    names: mostFirst(names).slice(0, MAX_NAMES),
    nameCount: names.size,
    refused: mostFirst(refused).slice(0, MAX_REFUSED),
  };
}

function addTraffic(names: Map<string, NameTraffic>, connection: Connection): void {
  const name = connection.name === "" ? connection.address : connection.name;
  const former = names.get(name);
  if (!former && names.size >= MAX_TRACKED) return;
  names.set(name, {
    name,
    connectionCount: (former?.connectionCount ?? 0) + connection.count,
    bytesSent: (former?.bytesSent ?? 0) + connection.bytes_sent,
    bytesReceived: (former?.bytesReceived ?? 0) + connection.bytes_received,
  });
}

function addTarget(targets: Map<string, Target>, connection: Connection): void {
  const { name, address, port, protocol, reason, count } = connection;
  const key = [name, address, port, protocol, reason].join("\0");
  const former = targets.get(key);
  if (!former && targets.size >= MAX_TRACKED) return;
  const connectionCount = (former?.connectionCount ?? 0) + count;
  targets.set(key, { name, address, port, protocol, reason, connectionCount });
}

function mostFirst<Item extends { readonly connectionCount: number }>(items: Map<string, Item>): Item[] {
  return [...items.values()].sort((left, right) => right.connectionCount - left.connectionCount);
}
