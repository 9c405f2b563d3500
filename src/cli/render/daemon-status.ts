// `daemon status`.

import type { ResultOf } from "../../operations/registry.js";
import type { Rendering } from "./rendering.js";
import { formatBytes, formatTime } from "./sizes.js";

export function renderDaemonStatus(result: ResultOf<"daemon_status">): Rendering {
  const lines = [
    `Daemon: running, pid ${result.pid}, version ${result.version}`,
    `Started: ${formatTime(result.started_at)}`,
    `Memory: ${formatBytes(result.memory_bytes)}`,
    `State: ${result.state_dir}`,
    `Calls: ${result.calls.map((call) => `${call.operation} (${call.running_ms} ms)`).join(", ") || "none"}`,
    `Guests: ${result.guests.length} of at most ${result.max_active_guests}`,
    ...result.guests.map((guest) => `  ${guest.id} ${guest.environment} ${formatBytes(guest.memory_bytes)}`),
    formatPool(result.pool),
  ];
  return { stdout: `${lines.join("\n")}\n` };
}

function formatPool({ enabled, parked, hits, misses }: ResultOf<"daemon_status">["pool"]): string {
  if (!enabled) return "Pool: off";
  const sizes = parked.map((each) => `${each.mem_mib} MiB guest using ${formatBytes(each.memory_bytes)}`);
  return `Pool: ${parked.length} parked${sizes.length > 0 ? ` (${sizes.join(", ")})` : ""}, ${hits} hits, ${misses} misses`;
}
