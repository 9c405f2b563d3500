// The connections of a workspace: one by one, and what they add up to.

import { hasNetwork } from "../../contract/network.js";
import { readConnections, type Connection, type Verdict } from "../../network/connection-record.js";
import { sumConnections } from "../../network/sum-connections.js";
import type { ResultOf } from "../../operations/registry.js";
import { networkRecordFile } from "../../workspace/request-network.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";

type NetworkView = ResultOf<"workspace_summary">["network"];

export const showNetwork: Handler<"network_log"> = async ({ workspaces, workspaceParts }, input) => {
  const { id, record } = workspaces.get(input.workspace_id);
  const connections = readConnections(networkRecordFile(workspaceParts.store, record));
  const { entries, offset, count } = await takePage(connections, input);
  const end = offset + entries.length;
  return {
    workspace_id: id,
    network_policy: record.networkPolicy,
    count,
    offset,
    entries: [...entries],
    next_offset: end < count ? end : null,
  };
};

/** Null: the workspace has no network. */
export async function summarizeNetwork(
  { workspaceParts }: Services,
  { record }: Workspace,
): Promise<NetworkView> {
  if (!hasNetwork(record.networkPolicy)) return null;
  const sums = await sumConnections(readConnections(networkRecordFile(workspaceParts.store, record)));
  const { allowed, refused, failed } = sums.counts;
  return {
    policy: record.networkPolicy,
    connections: { total: allowed + refused + failed, allowed, refused, failed },
    lookups: sums.lookupCount,
    bytes_sent: sums.bytesSent,
    bytes_received: sums.bytesReceived,
    names: sums.names.map(({ name, connectionCount, bytesSent, bytesReceived }) => ({
      name,
      connections: connectionCount,
      bytes_sent: bytesSent,
      bytes_received: bytesReceived,
    })),
    name_count: sums.nameCount,
    refused: sums.refused.map(({ connectionCount, ...target }) => ({
      ...target,
      connections: connectionCount,
    })),
  };
}

interface Page {
  readonly entries: readonly Connection[];
  readonly offset: number;
  readonly count: number;
}

/** Those from `offset` on; without it the latest, of which no more than a page is ever in memory. */
async function takePage(
  connections: AsyncIterable<Connection>,
  { verdict, offset, limit }: { verdict?: Verdict | undefined; offset?: number | undefined; limit: number },
): Promise<Page> {
  const entries: Connection[] = [];
  let count = 0;
  for await (const connection of connections) {
    if (verdict !== undefined && connection.verdict !== verdict) continue;
    const isBefore = offset !== undefined && count < offset;
    count += 1;
    if (isBefore || (offset !== undefined && entries.length === limit)) continue;
    entries.push(connection);
    if (entries.length > limit) entries.shift();
  }
  return { entries, offset: offset ?? count - entries.length, count };
}
