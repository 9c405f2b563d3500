// Failures of real calls are PyroErrors with codes.

import { describe, expect, test } from "vitest";
import { Pyro } from "../../../src/index.js";
import { failureOf } from "../../helpers/failure-of.js";
import { useSdk } from "./use-sdk.js";

describe("failures", () => {
  const sdk = useSdk();

  test("an environment that there is not", async () => {
    const error = await failureOf(sdk().pyro.runInVm({ environment: "debian:0", command: "true" }));
    expect(error).toMatchObject({ name: "PyroError", code: "environment_not_found", retryable: false });
    expect(error.hint).not.toBe("");
  });

  test("an option out of range, named as it was given", async () => {
    const error = await failureOf(sdk().pyro.createVm({ memMib: 1 }));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toMatch(/^memMib: 1 is not valid: .*256 to 32768/);
  });

  test("a guest that there is not", async () => {
    const vmId = "vm_aaaaaaaaaaaa";
    const { pyro } = sdk();
    const failures = await Promise.all(
      [
        pyro.startVm({ vmId }),
        pyro.execVm({ vmId, command: "true" }),
        pyro.stopVm({ vmId }),
        pyro.deleteVm({ vmId }),
        pyro.statusVm({ vmId }),
        pyro.networkInfoVm({ vmId }),
      ].map(failureOf),
    );
    for (const { code } of failures) expect(code).toBe("vm_not_found");
  });

  test("a second command in a guest that runs one", async () => {
    await using vm = await sdk().pyro.createVm();
    const controller = new AbortController();
    let second: Promise<unknown> | undefined;
    const first = vm.exec({
      command: "echo ready; sleep 1000",
      timeoutSeconds: 900,
      signal: controller.signal,
      onStdout: async () => {
        second = failureOf(vm.exec({ command: "true" }));
        await second;
        controller.abort();
      },
    });
    expect((await failureOf(first)).code).toBe("cancelled");
    expect(await second).toMatchObject({ code: "conflict" });
  });

  test("a state directory that cannot be used", async () => {
    const error = await failureOf(new Pyro({ stateDir: "/dev/null/state" }).listEnvironments());
    expect(error.code).toBe("storage_unavailable");
  });
});
