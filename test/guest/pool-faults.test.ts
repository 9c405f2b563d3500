// A parked guest that is good for nothing: the claim falls back to a fresh start, and nobody learns of it.

import { describe, expect, test } from "vitest";
import type { Client } from "../../src/client/client.js";
import { signalProcess, waitForExit, type ProcessIdentity } from "../../src/platform/process-identity.js";
import { connectClient, daemonStatus, findSandbox } from "../helpers/connected-client.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { createVm, runScript } from "../helpers/one-shot.js";
import { awaitAnotherParked, awaitParked } from "../helpers/parked-guests.js";
import { openPrivateEnvironment, replaceInstall } from "../helpers/private-environment.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";

/** A claim is given up after a second; a fresh start on a busy host takes some more. */
const FALLBACK_MS = 20_000;
const EXIT_TIMEOUT_MS = 30_000;

interface Parked {
  readonly machineId: string;
  readonly sandbox: ProcessIdentity;
}

async function parkOne(client: Client, pyro: TestPyro): Promise<Parked> {
  await runScript(client, "true");
  const [parked] = await awaitParked(client);
  const machineId = parked?.machine_id ?? "";
  return { machineId, sandbox: await findSandbox(pyro, machineId) };
}

/** The next command works, in bounded time and in another guest; a new one is parked, the old one is gone. */
async function expectFallback(client: Client, { machineId, sandbox }: Parked): Promise<void> {
  const startedMs = performance.now();
  const { stdout, exit_code } = await runScript(client, "cat /etc/hostname");
  expect(performance.now() - startedMs).toBeLessThan(FALLBACK_MS);
  expect(exit_code).toBe(0);
  expect(stdout).not.toBe(`pyro-${machineId.slice(0, 12)}\n`);
  expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
  await awaitAnotherParked(client, [{ machine_id: machineId }]);
  await expect.poll(async () => (await awaitParked(client)).length).toBe(1);
}

describe("a parked guest", () => {
  const connected = useClient({ PYRO_POOL: "1" });

  test("killed before the claim, and noticed", async () => {
    const { client, pyro } = connected();
    const parked = await parkOne(client, pyro);
    await signalProcess(parked.sandbox, "SIGKILL");
    await awaitParked(client, 0);
    await expectFallback(client, parked);
  });

  test("killed in the moment of the claim", async () => {
    const { client, pyro } = connected();
    const parked = await parkOne(client, pyro);
    const before = (await daemonStatus(client)).pool;
    const command = expectFallback(client, parked);
    process.kill(parked.sandbox.pid, "SIGKILL");
    await command;
    const { hits, misses } = (await daemonStatus(client)).pool;
    expect(hits + misses).toBe(before.hits + before.misses + 1);
  });

  test("frozen: it is given up, and does not outlive that", async () => {
    const { client, pyro } = connected();
    const parked = await parkOne(client, pyro);
    await signalProcess(parked.sandbox, "SIGSTOP");
    const before = (await daemonStatus(client)).pool;
    await expectFallback(client, parked);
    expect((await daemonStatus(client)).pool).toMatchObject({ hits: before.hits, misses: before.misses + 1 });
  });

  test("frozen, and its caller gives up: the caller is told, and the guest does not outlive that", async () => {
    const { client, pyro } = connected();
    const { sandbox } = await parkOne(client, pyro);
    await signalProcess(sandbox, "SIGSTOP");
    const { vm_id } = await createVm(client);
    const cancel = new AbortController();
    const start = expect(
      client.invoke("vm_start", { vm_id }, { signal: cancel.signal }),
    ).rejects.toMatchObject({ code: "cancelled" });
    // Taken out of the pool: it is being claimed.
    const countParked = async () => (await daemonStatus(client)).pool.parked.length;
    await expect.poll(countParked, { interval: 5 }).toBe(0);
    cancel.abort();
    await start;
    expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
    expect(await client.invoke("vm_status", { vm_id })).toMatchObject({ state: "created" });
    await client.invoke("vm_delete", { vm_id });
    expect(await runScript(client, "echo well")).toMatchObject({ stdout: "well\n" });
  });

  test("frozen when the daemon stops: it is ended by force", async () => {
    const { client, pyro } = connected();
    const { sandbox } = await parkOne(client, pyro);
    await signalProcess(sandbox, "SIGSTOP");
    expect((await pyro.run(["daemon", "stop"])).status).toBe(0);
    expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
    await expectDaemonLeftNothing(pyro);
  });
});

describe("a parked guest whose environment", () => {
  test("was installed anew in its place is not claimed, and goes", async () => {
    const environment = await openPrivateEnvironment({ PYRO_POOL: "1" });
    const { pyro } = environment;
    const client = await connectClient(pyro);
    const parked = await parkOne(client, pyro);
    await replaceInstall(environment);
    await expectFallback(client, parked);
    expect((await daemonStatus(client)).pool.hits).toBe(0);
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});
