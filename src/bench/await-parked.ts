// Waiting for the pool.

import { setTimeout } from "node:timers/promises";
import { MEM_MIB, VCPU_COUNT } from "../contract/limits.js";
import { runTrue } from "./one-shot.js";
import { ScenarioSkipped, type ScenarioContext } from "./scenario.js";

const PARK_TIMEOUT_MS = 20_000;
const LOOK_INTERVAL_MS = 50;
/** Usual waits are shorter and need no line. */
const LOOKS_BEFORE_WORD = 40;

/**
 * Returns when a guest of this size is parked. The daemon parks it in the background after a start of the same size
 * and tells nobody: so this asks again and again, within a bound.
 */
export async function awaitParked(
  { client, installDir, signal, tell }: ScenarioContext,
  memMib: number = MEM_MIB.default,
): Promise<void> {
  const deadline = performance.now() + PARK_TIMEOUT_MS;
  for (let looks = 0; performance.now() < deadline; looks++) {
    const { pool } = await client.invoke("daemon_status", {}, { signal });
    if (!pool.enabled)
      throw new ScenarioSkipped("the daemon parks no guests: it was started with PYRO_POOL=0");
    const isWanted = ({ rootfs, vcpu_count: vcpus, mem_mib: mem }: (typeof pool.parked)[number]) =>
      rootfs.startsWith(installDir) && vcpus === VCPU_COUNT.default && mem === memMib;
    if (pool.parked.some(isWanted)) return;
    if (looks === LOOKS_BEFORE_WORD) await tell({ waits_for: "a parked guest" });
    await setTimeout(LOOK_INTERVAL_MS, undefined, { signal });
  }
  throw new ScenarioSkipped(
    `the daemon parked no guest within ${PARK_TIMEOUT_MS / 1000} s; it parks none when the host is short of memory`,
  );
}

/** The same for the default size when none of it may have been used yet: uses one, so that the next is parked. */
export async function ensureParked(context: ScenarioContext): Promise<void> {
  await runTrue(context);
  await awaitParked(context);
}
