// One-shot guests outlive the daemon: whatever ends it, the next one has the same guests.

import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { daemonOf, killDaemon } from "../helpers/daemon.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { createVm, startExec, startVm } from "../helpers/one-shot.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";

const DEATH_TIMEOUT_MS = 10_000;
const EXPIRY_TIMEOUT_MS = 30_000;

const recordFile = (pyro: TestPyro, vmId: string) => path.join(pyro.settings.stateDir, "vms", `${vmId}.json`);

/** As if the guest had been created so long ago. The daemon must not run. */
async function makeOlder(pyro: TestPyro, vmId: string, seconds: number): Promise<void> {
  const file = recordFile(pyro, vmId);
  const record = z.looseObject({ createdAt: z.number() }).parse(JSON.parse(await readFile(file, "utf8")));
  await writeFile(file, JSON.stringify({ ...record, createdAt: record.createdAt - seconds }));
}

describe("after a kill -9 of the daemon", () => {
  const connected = useClient();

  test("each guest is what it was: created, started as the same sandbox, or stopped", async () => {
    const { client, pyro } = connected();
    const created = await createVm(client);
    const started = await startVm(client);
    const stopped = await startVm(client);
    await client.invoke("vm_stop", { vm_id: stopped.vm_id });
    const before = await Promise.all(
      [created, started, stopped].map(({ vm_id }) => client.invoke("vm_status", { vm_id })),
    );
    const machineId = await findMachineId(client, started.vm_id);
    const sandbox = await findSandbox(pyro, machineId);

    await killDaemon(client);
    await connectClient(pyro);
    const after = await Promise.all(before.map(({ vm_id }) => client.invoke("vm_status", { vm_id })));
    expect(after).toEqual(before);
    expect(await findMachineId(client, started.vm_id)).toBe(machineId);
    expect(await findSandbox(pyro, machineId)).toEqual(sandbox);

    const command = "cat /etc/hostname";
    const inStarted = await client.invoke("vm_exec", { vm_id: started.vm_id, command });
    expect(inStarted.stdout).toBe(`pyro-${machineId.slice(0, 12)}\n`);
    const inCreated = await client.invoke("vm_exec", { vm_id: created.vm_id, command });
    expect(inCreated).toMatchObject({ exit_code: 0 });
    await expect(client.invoke("vm_exec", { vm_id: stopped.vm_id, command })).rejects.toMatchObject({
      code: "conflict",
    });
    await client.invoke("vm_delete", { vm_id: stopped.vm_id });
    await expectNothingLeft(pyro);
  });

  test("a damaged record costs its own guest only", async () => {
    const { client, pyro } = connected();
    const [damaged, sound] = [await startVm(client), await startVm(client)];
    await killDaemon(client);
    await writeFile(recordFile(pyro, damaged.vm_id), '{"vmId":');
    await connectClient(pyro);
    await expect(client.invoke("vm_status", { vm_id: damaged.vm_id })).rejects.toMatchObject({
      code: "vm_not_found",
    });
    // Its sandbox is nobody's, and is gone.
    expect(await readdir(path.join(pyro.settings.stateDir, "machines"))).toEqual([
      await findMachineId(client, sound.vm_id),
    ]);
    expect(await client.invoke("vm_exec", { vm_id: sound.vm_id, command: "echo well" })).toMatchObject({
      stdout: "well\n",
    });
    await expectNothingLeft(pyro);
  });

  test("a guest whose command it was running is gone: one guest takes one command", async () => {
    const { client, pyro } = connected();
    const { vmId: vm_id, ended } = await startExec(client);
    const lost = expect(ended).rejects.toMatchObject({ code: "daemon_unavailable" });
    await killDaemon(client);
    await lost;
    await connectClient(pyro);
    await expect(client.invoke("vm_status", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
    await expectNothingLeft(pyro);
  });

  test("a guest whose sandbox died meanwhile is a stopped one", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await startVm(client);
    const sandbox = await findSandbox(pyro, await findMachineId(client, vm_id));
    await killDaemon(client);
    process.kill(sandbox.pid, "SIGKILL");
    expect(await waitForExit(sandbox, DEATH_TIMEOUT_MS)).toBe(true);
    await connectClient(pyro);
    expect(await client.invoke("vm_status", { vm_id })).toMatchObject({ state: "stopped" });
    await client.invoke("vm_delete", { vm_id });
    await expectNothingLeft(pyro);
  });

  test("a guest whose time was over is gone, and one whose time comes is removed by itself", async () => {
    const { client, pyro } = connected();
    const [old, oldCreated, dying, young] = [
      await startVm(client, { ttl_seconds: 60 }),
      await createVm(client, { ttl_seconds: 60 }),
      await startVm(client, { ttl_seconds: 60 }),
      await startVm(client, { ttl_seconds: 60 }),
    ];
    await killDaemon(client);
    await makeOlder(pyro, old.vm_id, 60);
    await makeOlder(pyro, oldCreated.vm_id, 60);
    await makeOlder(pyro, dying.vm_id, 60 - (Date.now() / 1000 - dying.created_at) - 5);
    await connectClient(pyro);
    const isThere = ({ vm_id }: { vm_id: string }) =>
      client.invoke("vm_status", { vm_id }).then(
        () => true,
        () => false,
      );
    expect([await isThere(old), await isThere(oldCreated)]).toEqual([false, false]);
    await expect.poll(() => isThere(dying), { timeout: EXPIRY_TIMEOUT_MS }).toBe(false);
    expect(await isThere(young)).toBe(true);
    await client.invoke("vm_delete", { vm_id: young.vm_id });
    await expectNothingLeft(pyro);
  });
});

describe("a daemon that is asked to leave", () => {
  const connected = useClient();

  test("by SIGTERM: keeps its guests for the next one; by `daemon stop --force`: ends them", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await startVm(client);
    const machineId = await findMachineId(client, vm_id);
    const daemon = await daemonOf(client);
    await signalProcess(daemon, "SIGTERM");
    expect(await waitForExit(daemon, DEATH_TIMEOUT_MS)).toBe(true);
    await connectClient(pyro);
    expect(await findMachineId(client, vm_id)).toBe(machineId);

    const refused = await pyro.run(["daemon", "stop"]);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain(vm_id);
    expect((await pyro.run(["daemon", "stop", "--force"])).status).toBe(0);
    await connectClient(pyro);
    expect(await client.invoke("vm_status", { vm_id })).toMatchObject({ state: "stopped" });
    await client.invoke("vm_delete", { vm_id });
  });
});
