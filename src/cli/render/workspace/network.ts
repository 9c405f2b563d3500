// `workspace network`: a line for each connection.

import type { ResultOf } from "../../../operations/registry.js";
import { statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";

type NetworkLog = ResultOf<"network_log">;

export function renderNetwork(result: NetworkLog): Rendering {
  const { entries, network_policy: policy, next_offset: next } = result;
  if (policy === "off") return { stdout: "This workspace has no network.\n" };
  if (entries.length === 0) return { stdout: "No connections.\n" };
  const shown = `${entries.length} of ${result.count} connections.`;
  const more = next === null ? "" : ` More with --offset ${next}.`;
  const earlier = result.offset > 0 ? ` Earlier ones with --offset 0.` : "";
  return { stdout: `${entries.map(formatEntry).join("")}${shown}${more}${earlier}\n` };
}

function formatEntry(entry: NetworkLog["entries"][number]): string {
  return statusLine("connection", {
    at: new Date(entry.at * 1000).toISOString(),
    verdict: entry.verdict,
    protocol: entry.protocol,
    name: entry.name,
    address: entry.address,
    port: entry.port === 0 ? null : entry.port,
    count: entry.count === 1 ? null : entry.count,
    open: entry.open ? "yes" : null,
    sent: entry.open ? null : entry.bytes_sent,
    received: entry.open ? null : entry.bytes_received,
    duration_ms: entry.open ? null : Math.round(entry.duration_ms),
    reason: entry.reason,
  });
}
