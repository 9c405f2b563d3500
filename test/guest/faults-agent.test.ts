// Guests whose agent misbehaves: never connects, answers nothing, speaks another protocol, is somebody else.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toPyroError } from "../../src/contract/errors.js";
import { startSandbox } from "../../src/machine/gvisor/start-sandbox.js";
import { newSpec, openEngine, openHost } from "../helpers/engine-host.js";
import { buildFakeAgent, replaceProgram, type AgentFault } from "../helpers/fake-agent.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { copyPackage, type PackageCopy } from "../helpers/package-copy.js";
import { TestPyro } from "../helpers/test-pyro.js";

const START_TIMEOUT_MS = 3_000;
/** The deadline, and what ending runsc and removing the sandbox take on a busy host. */
const BOUND_MS = 20_000;

const FAULTS: readonly { fault: AgentFault; code: string; message: RegExp; hasLog: boolean }[] = [
  { fault: "silent", code: "guest_start_timeout", message: /agent did not connect in time/, hasLog: true },
  { fault: "mute", code: "guest_start_timeout", message: /agent did not connect in time/, hasLog: true },
  {
    fault: "other-protocol",
    code: "guest_start_failed",
    message: /speaks protocol 99, this host 1/,
    hasLog: false,
  },
  { fault: "other-token", code: "guest_start_failed", message: /not this guest's agent/, hasLog: false },
];

describe("an agent that misbehaves", () => {
  let directory: string;
  let copy: PackageCopy;
  let pyro: TestPyro;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "pyro-agents-"));
    copy = await copyPackage();
    pyro = await TestPyro.create({ PYRO_POOL: "0" });
  });
  afterAll(async () => {
    await (await openEngine(pyro)).reap(new Set());
    await pyro[Symbol.asyncDispose]();
    await copy[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test.each(FAULTS)("$fault: $code within the deadline, and nothing is left", async (expected) => {
    const { fault, code, message, hasLog } = expected;
    await replaceProgram(copy.libexec, "pyro-agent", await buildFakeAgent(directory, fault));
    const host = await openHost(pyro, copy.libexec);
    const spec = await newSpec(pyro);
    const startedMs = performance.now();
    const error = await startSandbox(host, spec, { platform: "systrap", timeoutMs: START_TIMEOUT_MS }).then(
      () => undefined,
      toPyroError,
    );
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(message);
    if (hasLog) expect(error?.details["log"]).toContain("runsc");
    expect(performance.now() - startedMs).toBeLessThan(BOUND_MS);
    await expectNothingLeft(pyro);
  });
});
