// The kill rounds of test/guest/faults-kill.test.ts, many times.

import { describe, expect, test } from "vitest";
import { killRound, seededRandom, VICTIMS } from "../helpers/kill-round.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { TestPyro } from "../helpers/test-pyro.js";

const ROUNDS = 50;
/** Another one with PYRO_TEST_SEED: a failure names the one it had. */
const SEED = Number(process.env["PYRO_TEST_SEED"] ?? 47_001);

describe("kill -9 at random moments", () => {
  test(`${ROUNDS} rounds with seed ${SEED}`, async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
    const random = seededRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "cli";
      const share = random();
      await killRound(pyro, victim, share).catch((error: unknown) => {
        throw new Error(`round ${round}: ${victim} after ${share} of a run`, { cause: error });
      });
    }
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});
