// A guest whose agent does not answer any more.

import { describe, expect, test } from "vitest";
import { expectNextGuestWell } from "../helpers/run-cleanly.js";
import { IDENTITIES, isRecord, useGuests } from "../helpers/use-guests.js";

describe.each(IDENTITIES)("a frozen agent, as %s", (identity) => {
  const guests = useGuests(identity);

  test("`kill -STOP 1` ends with the guest, some seconds after the command's timeout", async () => {
    const result = await guests().json(["sh", "-c", "kill -STOP 1; sleep 1000"], {
      flags: ["--timeout-seconds", "1"],
      timeoutMs: 60_000,
    });
    const error = result["error"];
    // Where the guest's kernel protects its PID 1, the timeout is an ordinary one.
    if (isRecord(error)) expect(error).toMatchObject({ code: "guest_died" });
    else expect(result).toMatchObject({ exit_code: 124, timed_out: true });
    await expectNextGuestWell(guests());
  });
});
