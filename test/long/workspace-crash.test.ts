// kill -9 of the daemon at random moments of every act on a workspace, without and with parked guests.

import { describe, test } from "vitest";
import { crash, crashRounds } from "../helpers/workspace-crash.js";
import { useClient } from "../helpers/use-client.js";

const ROUNDS = 12;
/** Another one with PYRO_TEST_SEED: a failure names the one it had. */
const SEED = Number(process.env["PYRO_TEST_SEED"] ?? 47_005);

describe.each(["0", "1"])("with PYRO_POOL=%s", (pool) => {
  const connected = useClient({ PYRO_POOL: pool });

  test.each(crashRounds(ROUNDS, SEED, pool === "1"))("$act, killed after $delayMs ms", async (round) => {
    await crash(connected(), round);
  });
});
