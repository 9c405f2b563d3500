// The handle of createVm, its disposal, and that everybody sees the same guests.

import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { Pyro } from "../../../src/index.js";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { failureOf } from "../../helpers/failure-of.js";
import { expectNothingLeft } from "../../helpers/nothing-left.js";
import { useSdk } from "./use-sdk.js";

describe("a handle", () => {
  const sdk = useSdk();

  test("goes from creation over start and exec to the end, and knows its record", async () => {
    const vm = await sdk().pyro.createVm({ memMib: 512, vcpuCount: 2, ttlSeconds: 60 });
    expect(vm.vmId).toMatch(/^vm_[a-z2-7]{12}$/);
    expect(vm.record).toMatchObject({
      vmId: vm.vmId,
      environment: "debian:12",
      memMib: 512,
      vcpuCount: 2,
      ttlSeconds: 60,
      state: "created",
      executionMode: "pending",
      engine: null,
    });
    expect(vm.record.expiresAt).toBeCloseTo(vm.record.createdAt + 60, 3);
    expect(await vm.start()).toMatchObject({ state: "started", executionMode: "guest" });
    expect(vm.record.engine).toMatchObject({ name: "gvisor", securityBoundary: true });
    expect(await vm.status()).toEqual(vm.record);
    expect(await vm.networkInfo()).toMatchObject({ vmId: vm.vmId, networkEnabled: false, dnsServers: [] });
    expect(await vm.exec({ command: "cat", stdin: "in" })).toMatchObject({ vmId: vm.vmId, stdout: "in" });
    expect((await failureOf(vm.status())).code).toBe("vm_not_found");
  });

  test("a stopped guest keeps its record until it is deleted", async () => {
    const vm = await sdk().pyro.createVm();
    await vm.start();
    expect(await vm.stop()).toMatchObject({ state: "stopped" });
    expect((await failureOf(vm.exec({ command: "true" }))).code).toBe("conflict");
    expect(await vm.delete()).toEqual({ vmId: vm.vmId, deleted: true, reason: "explicit_delete" });
    expect((await failureOf(vm.delete())).code).toBe("vm_not_found");
  });

  test("at the end of its block the guest is gone, also when the block throws", async () => {
    const boom = new Error("boom");
    let vmId = "";
    const block = async () => {
      await using vm = await sdk().pyro.createVm();
      vmId = vm.vmId;
      await vm.start();
      throw boom;
    };
    await expect(block()).rejects.toBe(boom);
    expect((await failureOf(sdk().pyro.statusVm({ vmId }))).code).toBe("vm_not_found");
    await expectNothingLeft(sdk().cli);
  });

  test("disposing of a guest that is gone already is a success", async () => {
    const vm = await sdk().pyro.createVm();
    await sdk().pyro.deleteVm({ vmId: vm.vmId });
    await vm[Symbol.asyncDispose]();
    await vm[Symbol.asyncDispose]();
  });

  test("cancelling its command leaves nothing of it", async () => {
    const vm = await sdk().pyro.createVm();
    const controller = new AbortController();
    const { signal } = controller;
    const onStdout = () => controller.abort();
    const command = { command: "echo ready; sleep 1000", timeoutSeconds: 900 };
    expect((await failureOf(vm.exec({ ...command, signal, onStdout }))).code).toBe("cancelled");
    await expectNothingLeft(sdk().cli);
    await vm[Symbol.asyncDispose]();
  });

  test("nothing has expired before its time", async () => {
    await using vm = await sdk().pyro.createVm();
    expect(await sdk().pyro.reapExpired()).toEqual({ deletedVmIds: [], count: 0 });
    expect(await vm.status()).toEqual(vm.record);
  });
});

describe("one state", () => {
  const sdk = useSdk();

  test("another Pyro sees the same guest", async () => {
    const { stateDir, cacheDir, environmentCacheDir } = sdk().cli.settings;
    const other = new Pyro({ stateDir, cacheDir, environmentCacheDir });
    await using vm = await sdk().pyro.createVm();
    expect(await other.startVm({ vmId: vm.vmId })).toEqual(await vm.status());
    expect(await other.execVm({ vmId: vm.vmId, command: "echo hi" })).toMatchObject({ stdout: "hi\n" });
    expect((await failureOf(vm.status())).code).toBe("vm_not_found");
  });

  test("another process sees the same guest", async () => {
    await using vm = await sdk().pyro.createVm();
    const stopped = await runModule(`
      import { Pyro } from "pyro-mcp";
      console.log(JSON.stringify(await new Pyro().stopVm({ vmId: "${vm.vmId}" })));
    `);
    expect(JSON.parse(stopped)).toEqual({ ...vm.record, state: "stopped" });
    expect(await vm.status()).toMatchObject({ state: "stopped" });
  });
});

/** Stdout of a program that has the built package. */
async function runModule(source: string): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: PACKAGE_ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return (await child.stdout.setEncoding("utf8").toArray()).join("");
}
