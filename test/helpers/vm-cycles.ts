// Guests that come and go, one after the other, as the operations allow.

import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { readDaemonFigures, readDaemonMemory, type DaemonFigures } from "./daemon-figures.js";
import { createVm, runScript } from "./one-shot.js";
import { awaitRefill } from "./parked-guests.js";
import type { Connected } from "./use-client.js";

/** The daemon's own caches are filled by then. */
const WARM_UP_CYCLES = 5;
const SETTLE_TIMEOUT_MS = 60_000;
const MIB = 1024 * 1024;

/** Create, start, delete; each third one is used, and each fifth one never started. */
async function cycle({ client }: Connected, index: number): Promise<void> {
  if (index % 3 === 0) {
    expect(await runScript(client, "head -c 100000 /dev/zero")).toMatchObject({ exit_code: 0 });
    return;
  }
  const { vm_id } = await createVm(client);
  if (index % 5 !== 0) await client.invoke("vm_start", { vm_id });
  await client.invoke("vm_delete", { vm_id });
}

/** What is removed in the background is gone when two looks, a moment apart, see the same. */
async function settle(look: () => Promise<DaemonFigures>): Promise<DaemonFigures> {
  let last = await look();
  const isSettled = async () => {
    const former = last;
    last = await look();
    return isDeepStrictEqual(former, last);
  };
  await expect.poll(isSettled, { timeout: SETTLE_TIMEOUT_MS, interval: 1_000 }).toBe(true);
  return last;
}

/** Runs the cycles and expects that nothing has grown, but the daemon's memory by `memoryMib` at most. */
export async function expectFlat(connected: Connected, cycles: number, memoryMib: number): Promise<void> {
  const { client } = connected;
  for (let index = 0; index < WARM_UP_CYCLES; index++) await cycle(connected, index);
  await runScript(client, "true");
  await awaitRefill(client);
  const look = () => readDaemonFigures(connected);
  const before = await settle(look);
  const memoryBefore = await readDaemonMemory(client);
  for (let index = 0; index < cycles; index++) await cycle(connected, index);
  await runScript(client, "true");
  await awaitRefill(client);
  await expect.poll(look, { timeout: SETTLE_TIMEOUT_MS, interval: 500 }).toEqual(before);
  const grownBytes = (await readDaemonMemory(client)) - memoryBefore;
  expect(grownBytes).toBeLessThan(memoryMib * MIB);
}
