// Faults of a start that take long to show: an agent that never comes, and runsc killed at every moment.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { errorOf } from "../helpers/answers.js";
import { getDaemonPid } from "../helpers/daemon.js";
import { buildFakeAgent, replaceProgram } from "../helpers/fake-agent.js";
import { killStartingRunsc } from "../helpers/kill-runsc.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { copyPackage } from "../helpers/package-copy.js";
import { TestPyro } from "../helpers/test-pyro.js";

/** The CLI is killed after it, and prints no answer: far more than the default deadline of a start. */
const PATIENCE_MS = 300_000;
const MOMENTS_MS = 100;

test("an agent that never connects: doctor and run say so in bounded time, with the engine's log", async () => {
  await using copy = await copyPackage();
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-agents-"));
  await replaceProgram(copy.libexec, "pyro-agent", await buildFakeAgent(directory, "silent"));
  await rm(directory, { recursive: true });
  await using pyro = await TestPyro.create({ PYRO_GVISOR_PLATFORM: "systrap" });
  const { status, value } = await pyro.json(["run", "debian:12", "--", "true"], {
    cli: copy.cli,
    timeoutMs: PATIENCE_MS,
  });
  expect(status).toBe(125);
  const { code, message, details } = errorOf(value);
  expect(code).toBe("engine_unavailable");
  expect(message).toContain("the guest's agent did not connect in time");
  expect(JSON.stringify(details)).toContain("runsc");
  expect((await pyro.json(["doctor"], { cli: copy.cli })).status).toBe(5);
  await expectNothingLeft(pyro);
  await pyro.run(["daemon", "stop"], { cli: copy.cli });
  await expectDaemonLeftNothing(pyro);
});

test(`runsc killed after 0 to ${MOMENTS_MS - 1} ms, one by one`, async () => {
  await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
  expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
  const daemonPid = await getDaemonPid(pyro);
  for (let delayMs = 0; delayMs < MOMENTS_MS; delayMs++) {
    const ended = new AbortController();
    const killing = killStartingRunsc(daemonPid, delayMs, ended.signal);
    const { status, value } = await pyro.json(["run", "debian:12", "--", "true"]);
    ended.abort();
    await killing;
    if (status !== 0) expect(errorOf(value).code).toBe("guest_start_failed");
    await expectNothingLeft(pyro);
  }
  expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
});
