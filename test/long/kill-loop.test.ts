// The kill rounds of test/guest/faults-kill.test.ts, many times, without and with parked guests.

import { describe, expect, test } from "vitest";
import { Client } from "../../src/client/client.js";
import { killRound, VICTIMS } from "../helpers/kill-round.js";
import { expectDaemonLeftNothing, expectNothingLeft, expectNothingLeftBut } from "../helpers/nothing-left.js";
import { seededRandom } from "../helpers/seeded-random.js";
import { TestPyro } from "../helpers/test-pyro.js";

const ROUNDS = 50;
/** Another one with PYRO_TEST_SEED: a failure names the one it had. */
const SEED = Number(process.env["PYRO_TEST_SEED"] ?? 47_001);

async function killLoop(pool: "0" | "1", expectSettled: (pyro: TestPyro) => Promise<void>): Promise<void> {
  await using pyro = await TestPyro.create({ PYRO_POOL: pool });
  expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
  const random = seededRandom(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "cli";
    const share = random();
    await killRound(pyro, victim, share, expectSettled).catch((error: unknown) => {
      throw new Error(`round ${round}: ${victim} after ${share} of a run`, { cause: error });
    });
  }
  await pyro.run(["daemon", "stop"]);
  await expectDaemonLeftNothing(pyro);
}

describe(`kill -9 at ${ROUNDS} random moments, seed ${SEED}`, () => {
  test("leaves nothing after any", () => killLoop("0", expectNothingLeft));

  test("leaves nothing but parked guests after any, where those are on, and nothing at the end", async () => {
    await killLoop("1", (pyro) =>
      expectNothingLeftBut({ pyro, client: new Client(pyro.settings) }, ({ pool }) => pool.parked),
    );
  });
});
