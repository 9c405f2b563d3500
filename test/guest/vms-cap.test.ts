// What is refused before it begins: too many guests, and a host without disk.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../../src/platform/processes.js";
import { connectClient, daemonStatus } from "../helpers/connected-client.js";
import { findLeftovers, NOTHING } from "../helpers/leftovers.js";
import { createVm, runScript, startVm } from "../helpers/one-shot.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";

const MIB = 1024 * 1024;
const IS_ROOT = process.geteuid?.() === 0;

describe("at most PYRO_MAX_ACTIVE_VMS guests", () => {
  const connected = useClient({ PYRO_MAX_ACTIVE_VMS: "2" });

  test("a third is refused with the list of those that run; created and stopped ones do not count", async () => {
    const { client } = connected();
    const [one, other, third] = [await startVm(client), await startVm(client), await createVm(client)];
    const refusal = {
      code: "vm_limit_reached",
      details: { max_active: 2, ids: [one.vm_id, other.vm_id] },
    };
    await expect(client.invoke("vm_start", third)).rejects.toMatchObject({ code: "invalid_input" });
    const start = () => client.invoke("vm_start", { vm_id: third.vm_id });
    await expect(start()).rejects.toMatchObject(refusal);
    await expect(runScript(client, "true")).rejects.toMatchObject(refusal);
    // It is as it was: once there is room it starts.
    expect(await client.invoke("vm_status", { vm_id: third.vm_id })).toMatchObject({ state: "created" });
    await client.invoke("vm_stop", { vm_id: one.vm_id });
    expect(await start()).toMatchObject({ state: "started" });
    for (const { vm_id } of [one, other, third]) await client.invoke("vm_delete", { vm_id });
    expect(await runScript(client, "true")).toMatchObject({ exit_code: 0 });
  });

  test("of five at the same moment no more than two run, and the others are refused", async () => {
    const { client } = connected();
    const runs = await Promise.allSettled(Array.from({ length: 5 }, () => runScript(client, "sleep 1")));
    const refused = runs.filter((run) => run.status === "rejected");
    expect(refused.length).toBeGreaterThanOrEqual(3);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: "vm_limit_reached" });
    expect(runs.length - refused.length).toBeGreaterThanOrEqual(1);
    expect((await daemonStatus(client)).guests).toEqual([]);
  });
});

describe.skipIf(!IS_ROOT)("a host without disk (needs root, who can mount a small one)", () => {
  let pyro: TestPyro;

  beforeAll(async () => {
    pyro = await TestPyro.create();
    const { stateDir } = pyro.settings;
    await mkdir(stateDir, { mode: 0o700 });
    const mounted = await runProcess(["mount", "-t", "tmpfs", "-o", "size=400m,mode=700", "tmpfs", stateDir]);
    expect(mounted).toMatchObject({ exitCode: 0 });
  });

  afterAll(async () => {
    await pyro.run(["daemon", "stop", "--force"]);
    const unmounted = await runProcess(["umount", pyro.settings.stateDir]);
    expect(unmounted).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await findLeftovers(pyro.settings)).toEqual(NOTHING);
    await pyro[Symbol.asyncDispose]();
  });

  test("refuses a guest in words before it begins, and starts one when there is room again", async () => {
    const client = await connectClient(pyro);
    expect(await runScript(client, "true")).toMatchObject({ exit_code: 0 });
    const ballast = path.join(pyro.settings.stateDir, "ballast");
    const free = await runProcess(["df", "--output=avail", "-B", "1", pyro.settings.stateDir]);
    const freeBytes = Number(free.stdout.trim().split("\n").at(-1));
    await writeFile(ballast, Buffer.alloc(freeBytes - 32 * MIB));
    const refused = runScript(client, "true");
    await expect(refused).rejects.toMatchObject({ code: "out_of_disk" });
    await expect(refused).rejects.toThrow(/ has only \d+ MiB left$/);
    // Looking and removing still work.
    expect((await daemonStatus(client)).guests).toEqual([]);
    await writeFile(ballast, "");
    expect(await runScript(client, "true")).toMatchObject({ exit_code: 0 });
  });
});
