// After a fault: nothing of any guest is on the host any more.

import { expect } from "vitest";
import { findLeftovers, NOTHING } from "./leftovers.js";
import type { TestPyro } from "./test-pyro.js";

/** What follows a fault happens in other processes, which this can only look at again and again. */
const SETTLE_TIMEOUT_MS = 30_000;

/** No guest has left anything; runsc's one shared mount stays while the daemon lives. */
export async function expectNothingLeft(pyro: TestPyro): Promise<void> {
  await expect.poll(() => withoutSharedMount(pyro), { timeout: SETTLE_TIMEOUT_MS }).toEqual(NOTHING);
}

/** Not even that mount: the daemon has left. */
export async function expectDaemonLeftNothing(pyro: TestPyro): Promise<void> {
  await expect.poll(() => findLeftovers(pyro.settings), { timeout: SETTLE_TIMEOUT_MS }).toEqual(NOTHING);
}

async function withoutSharedMount(pyro: TestPyro) {
  const found = await findLeftovers(pyro.settings);
  return { ...found, mounts: found.mounts.filter((line) => !line.includes("/runsc/null-netns ")) };
}
