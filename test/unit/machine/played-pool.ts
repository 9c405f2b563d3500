// A pool over a played engine, on a host whose memory a test decides on.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { onTestFinished, vi } from "vitest";
import { MachinePool, type PoolOptions } from "../../../src/machine/pool.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { PlayedEngine } from "./played-engine.js";

export const GIB = 1024 ** 3;
/** The pool waits this long before it takes the processor for a refill. */
export const REFILL_DELAY_MS = 150;

export async function makePool({
  enabled = true,
  onParked,
}: { enabled?: boolean; onParked?: PoolOptions["onParked"] } = {}) {
  const engine = new PlayedEngine();
  const failures: unknown[] = [];
  const host = { availableBytes: 8 * GIB };
  const pool = new MachinePool({
    engine,
    enabled,
    onFailure: (error) => failures.push(error),
    ...(onParked && { onParked }),
    resources: {
      readTotalMemory: () => 16 * GIB,
      readAvailableMemory: () => host.availableBytes,
    },
  });
  onTestFinished(() => pool.close());
  const rootfsDir = path.join(await makeTempDirectory(), "rootfs");
  await mkdir(rootfsDir);
  const shape = { rootfsDir, vcpuCount: 1, memMib: 1024, diskMib: 8192 };
  const parkedIds = async () => (await pool.status()).parked.map(({ id }) => id);
  return { engine, failures, host, pool, shape, parkedIds };
}

/** The rest of the test decides what time it is. */
export async function useTimers(): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  await Promise.resolve();
}
