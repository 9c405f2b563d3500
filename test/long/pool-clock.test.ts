// The clock of a guest that was parked for long.
//
// What makes an hour's difference is that the sandbox's own view of time is old when it is looked at again. It is
// simulated by stopping the sandbox's processes for some seconds: nothing in it can keep its clock right meanwhile.
// A host that was suspended, or whose own clock was set, is not simulated.

import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { findSandboxProcesses } from "../../src/machine/gvisor/sandbox-processes.js";
import { signalProcess } from "../../src/platform/process-identity.js";
import type { Machine } from "../../src/machine/engine.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { newMachineId } from "../../src/machine/fresh-machines.js";
import { openEngine, newSpec } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";

const STOPPED_MS = 8_000;
const IDLE_MS = 4_000;
const LATER_MS = 2_000;
const TOLERANCE_MS = 1_000;

/** By the agent, and by a program of the user's. */
async function expectClockRight(machine: Machine): Promise<void> {
  await expectBetween(() => machine.agent.ping());
  await expectBetween(async () => {
    let stdout = "";
    await machine.agent.exec({ argv: ["date", "+%s%3N"] }, (_stream, chunk) => {
      stdout += Buffer.from(chunk).toString();
    });
    return Number(stdout);
  });
}

async function expectBetween(readMs: () => Promise<number>): Promise<void> {
  const before = Date.now();
  const guestMs = await readMs();
  expect(guestMs).toBeGreaterThan(before - TOLERANCE_MS);
  expect(guestMs).toBeLessThan(Date.now() + TOLERANCE_MS);
}

describe("the clock of a parked guest", () => {
  let pyro: TestPyro;
  let engine: GvisorEngine;

  beforeAll(async () => {
    pyro = await TestPyro.create();
    engine = await openEngine(pyro);
  });

  afterAll(async () => {
    await engine.reap(new Set());
    await pyro[Symbol.asyncDispose]();
  });

  test("is right when it is claimed, after it was left alone and after it was stopped", async () => {
    const spec = await newSpec(pyro);
    const [idle, stopped] = await Promise.all([
      engine.park(spec),
      engine.park({ ...spec, id: newMachineId() }),
    ]);
    const rootDir = runscRootDir(resolveStatePaths(pyro.settings));
    const processes = await findSandboxProcesses(rootDir, stopped.id);
    for (const each of processes) await signalProcess(each, "SIGSTOP");
    await setTimeout(IDLE_MS);
    const fromIdle = await idle.claim();
    await expectClockRight(fromIdle);
    await setTimeout(STOPPED_MS - IDLE_MS);
    for (const each of processes) await signalProcess(each, "SIGCONT");
    const fromStopped = await stopped.claim();
    await expectClockRight(fromStopped);
    // Also when the sandbox has looked at the host's clock again.
    await setTimeout(LATER_MS);
    await expectClockRight(fromStopped);
    await Promise.all([fromIdle.remove(), fromStopped.remove()]);
  });
});
