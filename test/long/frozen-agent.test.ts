// Guests whose agent, or whose whole sandbox, does not answer any more.

import { describe, expect, test } from "vitest";
import { signalProcess } from "../../src/platform/process-identity.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { expectNextGuestWell } from "../helpers/run-cleanly.js";
import { guestProcesses, startCommand } from "../helpers/running-guest.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { IDENTITIES, isRecord, useGuests } from "../helpers/use-guests.js";

describe.each(IDENTITIES)("a frozen agent, as %s", (identity) => {
  const guests = useGuests(identity);

  test("`kill -STOP 1` ends with the guest, some seconds after the command's timeout", async () => {
    const result = await guests().json(["sh", "-c", "kill -STOP 1; sleep 1000"], {
      flags: ["--timeout-seconds", "1"],
    });
    const error = result["error"];
    // Where the guest's kernel protects its PID 1, the timeout is an ordinary one.
    if (isRecord(error)) expect(error).toMatchObject({ code: "guest_died" });
    else expect(result).toMatchObject({ exit_code: 124, timed_out: true });
    await expectNextGuestWell(guests());
  });
});

test("a command in a frozen sandbox is answered in bounded time, and the guest removed", async () => {
  await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
  const { ended } = await startCommand(pyro, { flags: ["--timeout-seconds", "2"] });
  const sandbox = (await guestProcesses(pyro)).find((process) => process.kind === "sandbox");
  if (!sandbox) throw new Error("the guest has no sandbox");
  await signalProcess(sandbox, "SIGSTOP");
  const { status, stderr } = await ended;
  expect(status).toBe(125);
  expect(stderr).toMatch(/error: the guest .* while the command ran/);
  await expectNothingLeft(pyro);
});
