// kill -9 of everything that takes part in a run: what was lost is said, nothing is left, the next run works.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signalProcess } from "../../src/platform/process-identity.js";
import { errorOf } from "../helpers/answers.js";
import { getDaemon } from "../helpers/daemon.js";
import { killRound, VICTIMS } from "../helpers/kill-round.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { guestProcesses, startCommand } from "../helpers/running-guest.js";
import { seededRandom } from "../helpers/seeded-random.js";
import { TestPyro } from "../helpers/test-pyro.js";

const ROUNDS = 8;
const SEED = 20_261_121;

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create({ PYRO_POOL: "0" });
  expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
});
afterAll(() => pyro[Symbol.asyncDispose]());

describe("in the middle of a command", () => {
  test("the daemon: the CLI says so at once, and the next daemon removes the guest", async () => {
    const daemon = await getDaemon(pyro);
    const { ended } = await startCommand(pyro);
    const killedMs = performance.now();
    await signalProcess(daemon, "SIGKILL");
    const { status, stderr } = await ended;
    expect(performance.now() - killedMs).toBeLessThan(2_000);
    expect(status).toBe(125);
    expect(stderr).toContain("error: the connection to the daemon was lost during the call");
    expect((await guestProcesses(pyro)).length).toBeGreaterThan(0);
    expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
    await expectNothingLeft(pyro);
  });

  test("the CLI: its guest goes with it", async () => {
    const { child, ended } = await startCommand(pyro);
    child.kill("SIGKILL");
    await ended;
    await expectNothingLeft(pyro);
  });

  test.each(["sandbox", "gofer"] as const)(
    "the %s: the guest died, in words, with status 125",
    async (kind) => {
      const { ended } = await startCommand(pyro);
      const target = (await guestProcesses(pyro)).find((process) => process.kind === kind);
      if (!target) throw new Error(`the guest has no ${kind}`);
      await signalProcess(target, "SIGKILL");
      const { status, stderr } = await ended;
      expect(status).toBe(125);
      expect(stderr).toContain("error: the guest ended while the command ran");
      await expectNothingLeft(pyro);
    },
  );

  test("the sandbox, with --json: guest_died", async () => {
    const running = pyro.json(["run", "debian:12", "--timeout-seconds", "100", "--", "sleep", "1000"]);
    await expect
      .poll(async () => (await guestProcesses(pyro)).length, { timeout: 30_000 })
      .toBeGreaterThan(1);
    const sandbox = (await guestProcesses(pyro)).find((process) => process.kind === "sandbox");
    if (sandbox) await signalProcess(sandbox, "SIGKILL");
    const { status, value } = await running;
    expect(status).toBe(125);
    expect(["guest_died", "guest_start_failed"]).toContain(errorOf(value).code);
    await expectNothingLeft(pyro);
  });
});

describe("at random moments", () => {
  const random = seededRandom(SEED);
  const rounds = Array.from({ length: ROUNDS }, (_, index) => ({
    victim: VICTIMS[index % VICTIMS.length] ?? "cli",
    share: random(),
  }));
  test.each(rounds)("$victim after $share of a run", ({ victim, share }) => killRound(pyro, victim, share));
});
