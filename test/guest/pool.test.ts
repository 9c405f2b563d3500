// A guest that is parked: for whom, until when, and what is said about it.

import { describe, expect, test } from "vitest";
import { MEM_MIB } from "../../src/contract/limits.js";
import { findProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, daemonStatus, findSandbox } from "../helpers/connected-client.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { ENVIRONMENT, runScript, startVm } from "../helpers/one-shot.js";
import { awaitAnotherParked, awaitParked } from "../helpers/parked-guests.js";
import { isRecord } from "../helpers/use-guests.js";
import { useClient } from "../helpers/use-client.js";

const EXIT_TIMEOUT_MS = 30_000;

describe("the pool", () => {
  const connected = useClient({ PYRO_POOL: "1" });

  test("after a first run one guest is parked, the next run claims it, and another takes its place", async () => {
    const { client, pyro } = connected();
    const { pool } = await daemonStatus(client);
    expect(pool).toEqual({ enabled: true, parked: [], hits: 0, misses: 0 });
    await runScript(client, "true");
    const [first] = await awaitParked(client);
    expect(first).toMatchObject({ vcpu_count: 1, mem_mib: MEM_MIB.default });
    expect(first?.rootfs).toContain("debian-12-base-");
    expect(first?.memory_bytes).toBeGreaterThan(1024 * 1024);
    // Its agent is there and it is nobody's yet: no record tells of it.
    await findSandbox(pyro, first?.machine_id ?? "");
    expect((await daemonStatus(client)).guests).toEqual([]);

    const { stdout } = await runScript(client, "cat /etc/hostname");
    expect(stdout).toBe(`pyro-${first?.machine_id.slice(0, 12)}\n`);
    await awaitAnotherParked(client, first ? [first] : []);
    expect((await daemonStatus(client)).pool).toMatchObject({ hits: 1, misses: 1 });
  });

  test("a created guest claims it at its start", async () => {
    const { client } = connected();
    const [parked] = await awaitParked(client);
    const { vm_id } = await startVm(client);
    expect((await daemonStatus(client)).guests).toMatchObject([
      { id: vm_id, machine_id: parked?.machine_id },
    ]);
    await client.invoke("vm_delete", { vm_id });
  });

  test.each([{ mem_mib: 512 }, { vcpu_count: 2 }])(
    "another size (%j) is a miss, and is parked too",
    async (size) => {
      const { client } = connected();
      await awaitParked(client);
      const before = (await daemonStatus(client)).pool;
      const { vm_id } = await startVm(client, size);
      const after = (await daemonStatus(client)).pool;
      expect([after.hits - before.hits, after.misses - before.misses]).toEqual([0, 1]);
      await client.invoke("vm_delete", { vm_id });
      const parked = await awaitParked(client, 2);
      expect(parked).toEqual(expect.arrayContaining([expect.objectContaining(size)]));
      await client.invoke("env_prune", {});
      await runScript(client, "true");
    },
  );

  test("a command with a guest from the pool prints what one with a fresh guest does", async () => {
    const { client, pyro } = connected();
    const command = ["run", ENVIRONMENT, "--", "sh", "-c", "echo out; exit 3"];
    await client.invoke("env_prune", {});
    const miss = await pyro.run(command);
    await awaitParked(client);
    const { hits } = (await daemonStatus(client)).pool;
    const hit = await pyro.run(command);
    expect((await daemonStatus(client)).pool.hits).toBe(hits + 1);
    for (const { status, stdout, stderr } of [miss, hit]) {
      expect([status, stdout.toString()]).toEqual([3, "out\n"]);
      const lines = stderr.trim().split("\n");
      expect(lines[0]).toBe(`[run] phase=create environment=${ENVIRONMENT}`);
      const vmId = /^\[run\] phase=start vm_id=(vm_\w+)$/.exec(lines[1] ?? "")?.[1];
      expect(lines[2]).toBe(`[run] phase=execute vm_id=${vmId}`);
      expect(lines[3]).toMatch(
        new RegExp(
          `^\\[run\\] environment=${ENVIRONMENT} execution_mode=guest exit_code=3 duration_ms=\\d+$`,
        ),
      );
      expect(lines).toHaveLength(4);
    }
  });

  test("`demo` names each step once, in its order, and their times add up to no more than it took", async () => {
    const { client, pyro } = connected();
    // Twice: with a fresh guest and with one from the pool.
    for (const round of [1, 2]) {
      const startedMs = performance.now();
      const { status, value } = await pyro.json(["demo"]);
      const tookMs = performance.now() - startedMs;
      expect(status, `round ${round}`).toBe(0);
      const steps = isRecord(value) && Array.isArray(value["steps"]) ? value["steps"].filter(isRecord) : [];
      expect(steps.map(({ step }) => step)).toEqual(["create", "start", "execute", "delete"]);
      const sumMs = steps.reduce((sum, each) => sum + Number(each["duration_ms"]), 0);
      expect(sumMs).toBeGreaterThan(0);
      expect(sumMs).toBeLessThanOrEqual(tookMs);
      await awaitParked(client, 2);
    }
  });

  test("`env prune` makes what is parked go", async () => {
    const { client, pyro } = connected();
    const parked = await awaitParked(client, 2);
    const sandboxes = await Promise.all(parked.map(({ machine_id }) => findSandbox(pyro, machine_id)));
    expect((await pyro.run(["env", "prune"])).status).toBe(0);
    expect((await daemonStatus(client)).pool.parked).toEqual([]);
    for (const sandbox of sandboxes) expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
  });

  test("a daemon with nothing but parked guests is idle: `daemon stop` needs no force and leaves nothing", async () => {
    const { client, pyro } = connected();
    await runScript(client, "true");
    await awaitParked(client);
    const stopped = await pyro.run(["daemon", "stop"]);
    expect(stopped).toMatchObject({ status: 0 });
    await expectDaemonLeftNothing(pyro);
  });
});

describe("an idle daemon", () => {
  const connected = useClient({ PYRO_POOL: "1", PYRO_DAEMON_IDLE_SECONDS: "3" });

  test("leaves although a guest is parked, and leaves nothing", async () => {
    const { client, pyro } = connected();
    await connectClient(pyro);
    await runScript(client, "true");
    await awaitParked(client);
    const { pid } = await daemonStatus(client);
    const daemon = await findProcess(pid);
    if (daemon) expect(await waitForExit(daemon, EXIT_TIMEOUT_MS)).toBe(true);
    await expectDaemonLeftNothing(pyro);
  });
});

describe("with PYRO_POOL=0", () => {
  const connected = useClient({ PYRO_POOL: "0" });

  test("nothing is ever parked", async () => {
    const { client } = connected();
    await runScript(client, "true");
    expect(await client.invoke("prepare", { environment: ENVIRONMENT })).toMatchObject({ state: "warm" });
    // `prepare` has waited for what would be parked.
    expect((await daemonStatus(client)).pool).toEqual({ enabled: false, parked: [], hits: 0, misses: 3 });
  });
});
