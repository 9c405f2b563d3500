// Waiting for what the pool does in the background, and tells nobody.

import { expect } from "vitest";
import type { Client } from "../../src/client/client.js";
import { daemonStatus, type DaemonStatus } from "./connected-client.js";

/** A park takes a quarter of a second; on a busy host, or behind many starts, some seconds. */
const PARK_TIMEOUT_MS = 60_000;

export type ParkedGuest = DaemonStatus["pool"]["parked"][number];

/** Returns the parked guests when there are that many. */
export async function awaitParked(client: Client, count = 1): Promise<readonly ParkedGuest[]> {
  let parked: readonly ParkedGuest[] = [];
  const look = async () => {
    parked = (await daemonStatus(client)).pool.parked;
    return parked.length;
  };
  await expect.poll(look, { timeout: PARK_TIMEOUT_MS, interval: 100 }).toBe(count);
  return parked;
}

/** Returns a parked guest that is none of `former`. */
export async function awaitAnotherParked(
  client: Client,
  former: readonly Pick<ParkedGuest, "machine_id">[],
): Promise<ParkedGuest> {
  const formerIds = former.map(({ machine_id: id }) => id);
  let other: ParkedGuest | undefined;
  const look = async () => {
    other = (await daemonStatus(client)).pool.parked.find(({ machine_id: id }) => !formerIds.includes(id));
    return other !== undefined;
  };
  await expect.poll(look, { timeout: PARK_TIMEOUT_MS, interval: 100 }).toBe(true);
  if (!other) throw new Error("unreachable");
  return other;
}

/** Returns when the pool has what it will have after a command: a guest, or nothing when it is off. */
export async function awaitRefill(client: Client): Promise<void> {
  if ((await daemonStatus(client)).pool.enabled) await awaitParked(client);
}
