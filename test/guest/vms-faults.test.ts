// A guest that is taken away under its command: whoever waits learns of it at once, and nothing stays.

import { describe, expect, test } from "vitest";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { daemonStatus, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { createVm, runScript, startExec, startVm } from "../helpers/one-shot.js";
import { useClient } from "../helpers/use-client.js";

/** Far below the command's own time; above what a busy host takes. */
const AT_ONCE_MS = 10_000;

async function within<Result>(act: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("this should have ended at once")), AT_ONCE_MS);
  });
  return Promise.race([act, late]).finally(() => clearTimeout(timer));
}

describe("a guest that is taken away", () => {
  const connected = useClient();

  test("its command cancelled by the caller: the guest is gone", async () => {
    const { client, pyro } = connected();
    const cancel = new AbortController();
    const { vmId: vm_id, ended } = await startExec(client, cancel.signal);
    cancel.abort();
    await within(expect(ended).rejects.toMatchObject({ code: "cancelled" }));
    const isGone = () =>
      client.invoke("vm_status", { vm_id }).then(
        () => false,
        () => true,
      );
    await expect.poll(isGone, { timeout: AT_ONCE_MS }).toBe(true);
    await expectNothingLeft(pyro);
  });

  test.each([
    ["vm_delete", "vm_not_found"],
    ["vm_stop", "conflict"],
  ] as const)("%s while its command runs: the caller gets an error at once", async (operation, code) => {
    const { client, pyro } = connected();
    const { vmId: vm_id, ended } = await startExec(client);
    const told = within(expect(ended).rejects.toMatchObject({ code }));
    await client.invoke(operation, { vm_id });
    await told;
    await expect(client.invoke("vm_status", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
    await expectNothingLeft(pyro);
  });

  test.each(["SIGKILL", "SIGSEGV"] as const)(
    "its sandbox ended by %s while its command runs: the caller gets an error at once",
    async (signal) => {
      const { client, pyro } = connected();
      const { vmId: vm_id, ended } = await startExec(client);
      const sandbox = await findSandbox(pyro, await findMachineId(client, vm_id));
      const told = within(expect(ended).rejects.toMatchObject({ code: "guest_died" }));
      await signalProcess(sandbox, signal);
      await told;
      await expect(client.invoke("vm_status", { vm_id })).rejects.toMatchObject({ code: "vm_not_found" });
      await expectNothingLeft(pyro);
      expect(await runScript(client, "echo well")).toMatchObject({ stdout: "well\n" });
    },
  );

  test("its sandbox killed while it waits for a command: its record says that it has stopped", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await startVm(client);
    await signalProcess(await findSandbox(pyro, await findMachineId(client, vm_id)), "SIGKILL");
    const state = async () => (await client.invoke("vm_status", { vm_id })).state;
    await expect.poll(state, { timeout: AT_ONCE_MS }).toBe("stopped");
    await expectNothingLeft(pyro);
    await expect(client.invoke("vm_exec", { vm_id, command: "true" })).rejects.toMatchObject({
      code: "conflict",
    });
    await client.invoke("vm_delete", { vm_id });
  });

  test("frozen, it can still be deleted: its processes are ended by force", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await startVm(client);
    const sandbox = await findSandbox(pyro, await findMachineId(client, vm_id));
    await signalProcess(sandbox, "SIGSTOP");
    await within(client.invoke("vm_delete", { vm_id }));
    expect(await waitForExit(sandbox, AT_ONCE_MS)).toBe(true);
    await expectNothingLeft(pyro);
  });

  test("deleted in the middle of its start: no guest stays, and its caller is told", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await createVm(client);
    const starting = expect(client.invoke("vm_start", { vm_id })).rejects.toMatchObject({
      code: "vm_not_found",
    });
    const isStarting = async () => (await daemonStatus(client)).calls.length;
    await expect.poll(isStarting, { interval: 5 }).toBe(1);
    await client.invoke("vm_delete", { vm_id });
    await starting;
    await expectNothingLeft(pyro);
  });
});
