// daemon_status.

import type { PoolStatus } from "../../machine/pool.js";
import type { ResultOf } from "../../operations/registry.js";
import { PACKAGE_VERSION } from "../../platform/package-files.js";
import type { Handler } from "../handler.js";

export const daemonStatus: Handler<"daemon_status"> = async ({
  settings,
  guests,
  calls,
  pool,
  startedAt,
}) => ({
  pid: process.pid,
  version: PACKAGE_VERSION,
  started_at: startedAt,
  memory_bytes: process.memoryUsage().rss,
  state_dir: settings.stateDir,
  calls: calls
    .list()
    .filter((call) => call.operation !== "daemon_status")
    .map((call) => ({
      operation: call.operation,
      running_ms: Math.round(performance.now() - call.startedMs),
    })),
  guests: await Promise.all(
    guests.list().map(async ({ ownerId, machine, environment, startedAt: guestStartedAt }) => ({
      id: ownerId,
      machine_id: machine.id,
      environment: environment.name,
      started_at: guestStartedAt,
      memory_bytes: await machine.memoryBytes(),
    })),
  ),
  max_active_guests: guests.maxActive,
  pool: formatPool(await pool.status()),
});

function formatPool({ enabled, parked, hits, misses }: PoolStatus): ResultOf<"daemon_status">["pool"] {
  return {
    enabled,
    parked: parked.map(({ id, shape, memoryBytes }) => ({
      machine_id: id,
      rootfs: shape.rootfsDir,
      vcpu_count: shape.vcpuCount,
      mem_mib: shape.memMib,
      layer_id: shape.layer?.id ?? null,
      memory_bytes: memoryBytes,
    })),
    hits,
    misses,
  };
}
