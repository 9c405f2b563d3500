// Guests with too many processes, threads and files, and guests that turn on their own agent. As an ordinary user:
// test/long.

import { describe, expect, test } from "vitest";
import { describeHostileProcesses } from "../helpers/hostile-processes.js";
import { ANYBODY, useGuests } from "../helpers/use-guests.js";

describeHostileProcesses(ANYBODY);

describe("threads", () => {
  const guests = useGuests(ANYBODY);

  test("a process has hundreds of threads; too many are refused, and it lives on", async () => {
    const script = `import os, threading
event = threading.Event()
count = 0
try:
    while count < 20000:
        threading.Thread(target=event.wait, daemon=True).start()
        count += 1
except RuntimeError as error:
    print(count >= 400, error, flush=True)
os._exit(7)`;
    const { status, stdout } = await guests().run(["python3", "-c", script], {
      flags: ["--timeout-seconds", "60"],
    });
    expect(stdout.toString()).toBe("True can't start new thread\n");
    expect(status).toBe(7);
  });
});
