// The pool, whoever owns the daemon.

import { describe, expect, test } from "vitest";
import { isRecord, IDENTITIES, useGuests, type Guests } from "../helpers/use-guests.js";

const PARK_TIMEOUT_MS = 60_000;

async function readPool({ pyro }: Guests): Promise<Record<string, unknown>> {
  const { value } = await pyro.json(["daemon", "status"]);
  const pool = isRecord(value) ? value["pool"] : undefined;
  if (!isRecord(pool)) throw new Error(`no pool: ${JSON.stringify(value)}`);
  return pool;
}

describe.each(IDENTITIES)("as %s", (identity) => {
  const guests = useGuests(identity, { PYRO_POOL: "1" });

  test("the second command has its guest from the pool", async () => {
    expect(await guests().sh("true")).toMatchObject({ status: 0 });
    const countParked = async () => (await readPool(guests()))["parked"];
    await expect.poll(countParked, { timeout: PARK_TIMEOUT_MS, interval: 500 }).toHaveLength(1);
    expect(await guests().sh("echo well")).toMatchObject({ status: 0, stdout: Buffer.from("well\n") });
    expect(await readPool(guests())).toMatchObject({ hits: 1, misses: 1 });
  });
});
