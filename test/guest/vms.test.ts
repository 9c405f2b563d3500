// One-shot guests through the daemon: their life, and what is refused.

import path from "node:path";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";
import { daemonStatus } from "../helpers/connected-client.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { createVm, ENVIRONMENT, startExec, startVm } from "../helpers/one-shot.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";

const UNKNOWN = "vm_aaaaaaaaaaaa";

describe("one-shot guests", () => {
  const connected = useClient();

  test("one is created, looked at, started, used for one command, and gone", async () => {
    const { client, pyro } = connected();
    const created = await createVm(client, { vcpu_count: 2, mem_mib: 512, ttl_seconds: 300 });
    const { vm_id } = created;
    expect(created).toMatchObject({
      environment: ENVIRONMENT,
      state: "created",
      vcpu_count: 2,
      mem_mib: 512,
      ttl_seconds: 300,
      execution_mode: "pending",
      engine: null,
      network_enabled: false,
      guest_ip: null,
    });
    expect(created.expires_at - created.created_at).toBeCloseTo(300);
    expect(Math.abs(created.created_at - Date.now() / 1000)).toBeLessThan(60);
    expect(await client.invoke("vm_status", { vm_id })).toEqual(created);
    expect((await daemonStatus(client)).guests).toEqual([]);

    const started = await client.invoke("vm_start", { vm_id });
    expect({ ...started, engine: null }).toEqual({
      ...created,
      state: "started",
      execution_mode: "guest",
    });
    expect(started.engine).toMatchObject({ name: "gvisor", security_boundary: true });
    expect(await client.invoke("vm_start", { vm_id })).toEqual(started);
    expect((await daemonStatus(client)).guests).toMatchObject([{ id: vm_id, environment: ENVIRONMENT }]);

    const command = ["sh", "-c", "nproc; echo oops >&2; exit 3"];
    expect(await client.invoke("vm_exec", { vm_id, command })).toMatchObject({
      vm_id,
      stdout: "2\n",
      stderr: "oops\n",
      exit_code: 3,
      execution_mode: "guest",
      cleanup: { vm_id, deleted: true, reason: "post_exec_cleanup" },
    });
    await expect(client.invoke("vm_status", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
    await expectNothingLeft(pyro);
  });

  test("a command starts a guest that was only created", async () => {
    const { client } = connected();
    const { vm_id } = await createVm(client);
    const result = await client.invoke("vm_exec", { vm_id, command: "echo $((6 * 7))" });
    expect(result).toMatchObject({ stdout: "42\n", exit_code: 0 });
    await expect(client.invoke("vm_exec", { vm_id, command: "true" })).rejects.toMatchObject({
      code: "vm_not_found",
    });
  });

  test("a stopped one can be looked at, stopped again and deleted, and nothing else", async () => {
    const { client } = connected();
    const { vm_id } = await startVm(client);
    const stopped = await client.invoke("vm_stop", { vm_id });
    expect(stopped.state).toBe("stopped");
    expect(await client.invoke("vm_stop", { vm_id })).toEqual(stopped);
    expect(await client.invoke("vm_status", { vm_id })).toEqual(stopped);
    await expect(client.invoke("vm_start", { vm_id })).rejects.toMatchObject({ code: "conflict" });
    await expect(client.invoke("vm_exec", { vm_id, command: "true" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await daemonStatus(client)).guests).toEqual([]);
    expect(await client.invoke("vm_delete", { vm_id })).toMatchObject({ vm_id, deleted: true });
  });

  test.each(["created", "started", "stopped"] as const)(
    "one that is %s can be deleted, once",
    async (state) => {
      const { client, pyro } = connected();
      const { vm_id } = state === "created" ? await createVm(client) : await startVm(client);
      if (state === "stopped") await client.invoke("vm_stop", { vm_id });
      expect(await client.invoke("vm_status", { vm_id })).toMatchObject({ state });
      await client.invoke("vm_delete", { vm_id });
      await expect(client.invoke("vm_delete", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
      await expectNothingLeft(pyro);
    },
  );

  test("a stopped one was only created", async () => {
    const { client } = connected();
    const { vm_id } = await createVm(client);
    expect(await client.invoke("vm_stop", { vm_id })).toMatchObject({ state: "stopped", engine: null });
    await client.invoke("vm_delete", { vm_id });
  });

  test("while its command runs a second one is refused, and starting it is a success", async () => {
    const { client } = connected();
    const { vmId: vm_id, ended } = await startExec(client);
    await expect(client.invoke("vm_exec", { vm_id, command: "true" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await client.invoke("vm_start", { vm_id })).toMatchObject({ state: "started" });
    await client.invoke("vm_delete", { vm_id });
    await expect(ended).rejects.toThrow(vm_id);
  });

  test.each(["vm_start", "vm_stop", "vm_delete", "vm_status", "vm_network_info"] as const)(
    "%s of an unknown one is an error that says so",
    async (operation) => {
      const { client } = connected();
      await expect(client.invoke(operation, { vm_id: UNKNOWN })).rejects.toMatchObject({
        code: "vm_not_found",
      });
      await expect(client.invoke(operation, { vm_id: "../x" })).rejects.toMatchObject({
        code: "vm_not_found",
      });
    },
  );

  test("none has a network without being asked for one, and is said to have none", async () => {
    const { client } = connected();
    const { vm_id } = await startVm(client);
    expect(await client.invoke("vm_network_info", { vm_id })).toMatchObject({
      vm_id,
      network_enabled: false,
      outbound_connectivity_expected: false,
      reason: "the guest was created without a network",
      guest_ip: null,
    });
    const interfaces = await client.invoke("vm_exec", {
      vm_id,
      command: "cut -d: -f1 -s /proc/net/dev | xargs",
    });
    expect(interfaces.stdout.trim()).toBe("lo");
    const asked = await createVm(client, { network: true });
    expect(asked).toMatchObject({ network_enabled: true, guest_ip: "10.87.0.2" });
    expect(await client.invoke("vm_network_info", { vm_id: asked.vm_id })).toMatchObject({
      network_enabled: true,
      outbound_connectivity_expected: false,
      reason: "the guest has not been started yet",
    });
    await client.invoke("vm_delete", { vm_id: asked.vm_id });
  });

  test("an environment that nobody knows makes no guest", async () => {
    const { client } = connected();
    await expect(createVm(client, { environment: "debian:99" })).rejects.toMatchObject({
      code: "environment_not_found",
    });
  });

  test("one that one process makes is known to all", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await startVm(client);
    const program = `
      const { Client } = await import(process.argv[1]);
      const result = await new Client().invoke("vm_exec", { vm_id: process.argv[2], command: "echo other" });
      process.stdout.write(result.stdout);
    `;
    expect(await runElsewhere(pyro, program, vm_id)).toBe("other\n");
    await expect(client.invoke("vm_status", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
  });

  test("nothing has expired", async () => {
    const { client } = connected();
    const { vm_id } = await createVm(client);
    expect(await client.invoke("vm_reap_expired", {})).toEqual({ deleted_vm_ids: [], count: 0 });
    await client.invoke("vm_delete", { vm_id });
  });
});

async function runElsewhere(pyro: TestPyro, program: string, vmId: string): Promise<string> {
  const entry = path.join(PACKAGE_ROOT, "dist", "client", "client.js");
  const argv = [process.execPath, "--input-type=module", "-e", program, entry, vmId] as const;
  const { stdout, stderr } = await runProcess([...argv], { env: pyro.env });
  expect(stderr).toBe("");
  return stdout;
}
