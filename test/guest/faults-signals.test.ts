// Interrupted from the keyboard, told to end, frozen: the guest goes, and the status says what happened.

import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProcess, signalProcess } from "../../src/platform/process-identity.js";
import { errorOf } from "../helpers/answers.js";
import { findLeftovers } from "../helpers/leftovers.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { follow, guestProcesses, startCommand } from "../helpers/running-guest.js";
import { TestPyro } from "../helpers/test-pyro.js";

/** Status of a cancelled call, as a shell reports a program that was interrupted. */
const CANCELLED_STATUS = 130;
/** A guest that was interrupted is gone within this. */
const GONE_TIMEOUT_MS = 2_000;

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create({ PYRO_POOL: "0" });
  expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
});
afterAll(() => pyro[Symbol.asyncDispose]());

describe("a signal to the CLI during a run", () => {
  test.each(["SIGINT", "SIGTERM", "SIGINT"] as const)("%s ends the guest", async (signal) => {
    const { child, ended } = await startCommand(pyro);
    child.kill(signal);
    const { status, stderr } = await ended;
    await expect.poll(() => guestProcesses(pyro), { timeout: GONE_TIMEOUT_MS }).toEqual([]);
    expect(status).toBe(CANCELLED_STATUS);
    expect(stderr).toContain(`interrupted by ${signal}`);
    await expectNothingLeft(pyro);
  });

  test("a second one at once ends the CLI at once, and the guest all the same", async () => {
    const { child, ended } = await startCommand(pyro);
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect((await ended).status).toBe(CANCELLED_STATUS);
    await expectNothingLeft(pyro);
  });

  test("a command that ignores signals ends too", async () => {
    const { child, ended } = await startCommand(pyro, {
      script: "trap '' INT TERM HUP; while :; do sleep 1; done",
    });
    child.kill("SIGINT");
    expect((await ended).status).toBe(CANCELLED_STATUS);
    await expectNothingLeft(pyro);
  });

  test("with --json the interruption is a document", async () => {
    const child = pyro.start([
      "run",
      "debian:12",
      "--timeout-seconds",
      "1000",
      "--json",
      "--",
      "sleep",
      "1000",
    ]);
    const { ended, seen } = follow(child);
    await seen("phase=execute");
    child.kill("SIGTERM");
    const { status, stdout } = await ended;
    expect(status).toBe(CANCELLED_STATUS);
    expect(errorOf(JSON.parse(stdout)).code).toBe("cancelled");
    await expectNothingLeft(pyro);
  });
});

describe("a signal to the CLI during an environment pull", () => {
  test("ends the programs that install, and leaves no part of the install", async () => {
    const cache = path.join(pyro.directory, "own-cache");
    await using puller = await TestPyro.create({ PYRO_POOL: "0", PYRO_ENVIRONMENT_CACHE_DIR: cache });
    const child = puller.start(["env", "pull", "debian:12-base"]);
    const { ended, seen } = follow(child);
    await seen("phase=");
    await expect.poll(() => installers(cache), { timeout: 60_000 }).not.toEqual([]);
    child.kill("SIGINT");
    expect((await ended).status).toBe(CANCELLED_STATUS);
    await expect.poll(() => installers(cache), { timeout: 20_000 }).toEqual([]);
    await expect
      .poll(async () => (await readdir(cache)).filter((name) => name.startsWith(".partial")), {
        timeout: 20_000,
      })
      .toEqual([]);
    await expectNothingLeft(puller);
  });

  /** Programs that have the cache in their command line. */
  async function installers(cache: string): Promise<readonly string[]> {
    return (await findLeftovers({ ...pyro.settings, stateDir: cache, runtimeDir: cache })).processes;
  }
});

describe("a guest whose sandbox is frozen", () => {
  async function freeze(): Promise<void> {
    const sandbox = (await guestProcesses(pyro)).find((process) => process.kind === "sandbox");
    if (!sandbox) throw new Error("the guest has no sandbox");
    await signalProcess(sandbox, "SIGSTOP");
  }

  test("Ctrl-C removes it as fast as any other", async () => {
    const { child, ended } = await startCommand(pyro);
    await freeze();
    child.kill("SIGINT");
    expect((await ended).status).toBe(CANCELLED_STATUS);
    await expect.poll(() => guestProcesses(pyro), { timeout: GONE_TIMEOUT_MS }).toEqual([]);
    await expectNothingLeft(pyro);
  });
});

test("the daemon has survived all of it", async () => {
  const pid = await pyro.daemonPid();
  expect(pid !== undefined && (await findProcess(pid))).toBeTruthy();
});
