// One scenario through SDK, command line and bare client: the same facts.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Client } from "../../../src/client/client.js";
import { OPERATIONS } from "../../../src/operations/registry.js";
import { fromCamelCased } from "../../../src/sdk/camel-cased.js";
import { useSdk } from "./use-sdk.js";

const Ran = z.looseObject({
  vm_id: z.string(),
  duration_ms: z.number(),
  cleanup: z.looseObject({ vm_id: z.string() }),
});

/** Without what differs between two runs of one command. */
function comparable(result: unknown): unknown {
  const { vm_id: vmId, duration_ms: _durationMs, cleanup, ...rest } = Ran.parse(result);
  return { ...rest, cleanup: { ...cleanup, vm_id: cleanup.vm_id === vmId } };
}

describe("surfaces agree", () => {
  const sdk = useSdk();

  test("on the environments", async () => {
    const { pyro, cli } = sdk();
    const client = await new Client(cli.settings).invoke("vm_list_environments", {});
    const { value } = await cli.json(["env", "list"]);
    const fromSdk = await pyro.listEnvironments();
    expect(value).toEqual(client);
    expect(fromCamelCased(OPERATIONS.vm_list_environments.output, fromSdk)).toEqual(client);
  });

  test("on what came of a command", async () => {
    const { pyro, cli } = sdk();
    const command = ["sh", "-c", "echo 'out ☃'; printf '\\377' >&2; exit 3"];
    const client = await new Client(cli.settings).invoke("vm_run", {
      command,
      mem_mib: 512,
      timeout_seconds: 60,
    });
    const flags = ["--mem-mib", "512", "--timeout-seconds", "60"];
    const { value } = await cli.json(["run", "debian:12", ...flags, "--", ...command]);
    const fromSdk = await pyro.runInVm({ command, memMib: 512, timeoutSeconds: 60 });
    expect(comparable(value)).toEqual(comparable(client));
    expect(comparable(fromCamelCased(OPERATIONS.vm_run.output, fromSdk))).toEqual(comparable(client));
  });
});
