// After a fault: nothing of any guest is on the host any more.

import { expect } from "vitest";
import { daemonStatus, type DaemonStatus } from "./connected-client.js";
import { findLeftovers, NOTHING, type Leftovers } from "./leftovers.js";
import type { TestPyro } from "./test-pyro.js";
import type { Connected } from "./use-client.js";

/** What follows a fault happens in other processes, which this can only look at again and again. */
const SETTLE_TIMEOUT_MS = 60_000;

/** No guest has left anything; runsc's one shared mount stays while the daemon lives. */
export async function expectNothingLeft(pyro: TestPyro): Promise<void> {
  await expect.poll(() => withoutSharedMount(pyro), { timeout: SETTLE_TIMEOUT_MS }).toEqual(NOTHING);
}

/** Not even that mount: the daemon has left. */
export async function expectDaemonLeftNothing(pyro: TestPyro): Promise<void> {
  await expect.poll(() => findLeftovers(pyro.settings), { timeout: SETTLE_TIMEOUT_MS }).toEqual(NOTHING);
}

/** Nothing but some of the guests that the daemon says are its own. */
export async function expectNothingLeftBut(
  { client, pyro }: Connected,
  choose: (status: DaemonStatus) => readonly { readonly machine_id: string }[],
): Promise<void> {
  const findOthers = async () => {
    const found = await withoutSharedMount(pyro);
    const mayStay = choose(await daemonStatus(client));
    return withoutLines(found, (line) => mayStay.some(({ machine_id: id }) => line.includes(id)));
  };
  await expect.poll(findOthers, { timeout: SETTLE_TIMEOUT_MS }).toEqual(NOTHING);
}

function withoutLines(found: Leftovers, isExpected: (line: string) => boolean): Leftovers {
  const left = (lines: readonly string[]) => lines.filter((line) => !isExpected(line));
  return {
    processes: left(found.processes),
    mounts: left(found.mounts),
    cgroups: left(found.cgroups),
    files: left(found.files),
  };
}

async function withoutSharedMount(pyro: TestPyro): Promise<Leftovers> {
  const found = await findLeftovers(pyro.settings);
  return { ...found, mounts: found.mounts.filter((line) => !line.includes("/runsc/null-netns ")) };
}
