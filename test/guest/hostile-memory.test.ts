// Guests that take more memory than they may: a clear outcome in bounded time, and a host that does not notice.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { expectNextGuestWell } from "../helpers/run-cleanly.js";
import { IDENTITIES, isRecord, useGuests } from "../helpers/use-guests.js";

const SMALL = ["--mem-mib", "256", "--timeout-seconds", "60"] as const;
const MIB = 1024 * 1024;
/** Killed: the process, or the whole guest. */
const OUTCOMES = ["SIGKILL", "guest_out_of_memory"] as const;

function outcomeOf(result: Record<string, unknown>): unknown {
  const error = result["error"];
  return isRecord(error) ? error["code"] : result["signal"];
}

async function readAvailableBytes(): Promise<number> {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return Number(kib) * 1024;
}

describe.each(IDENTITIES)("memory, as %s", (identity) => {
  const guests = useGuests(identity);

  test("a process that takes more than the guest has is killed, and the host keeps its memory", async () => {
    const before = await readAvailableBytes();
    let lowest = before;
    const watch = setInterval(() => {
      void readAvailableBytes().then((bytes) => (lowest = Math.min(lowest, bytes)));
    }, 50);
    try {
      const script = "my @kept; while (1) { push @kept, 'x' x (16 << 20) }";
      const result = await guests().json(["perl", "-e", script], { flags: SMALL });
      expect(OUTCOMES).toContain(outcomeOf(result));
    } finally {
      clearInterval(watch);
    }
    // Another gibibyte for whatever else the host does meanwhile.
    expect(before - lowest).toBeLessThan(256 * MIB * 2 + 1024 * MIB);
    await expectNextGuestWell(guests());
  });

  test("a guest lives within its memory", async () => {
    const script = "my $kept = 'x' x (150 << 20); print length $kept";
    const { status, stdout } = await guests().run(["perl", "-e", script], { flags: SMALL });
    expect(stdout.toString()).toBe(String(150 * MIB));
    expect(status).toBe(0);
  });

  test("filling /dev/shm gives ENOSPC and hurts nobody", async () => {
    const script =
      "dd if=/dev/zero of=/dev/shm/fill bs=1M 2>&1 | grep -o 'No space left'; echo alive; df /dev/shm | tail -1";
    const { status, stdout } = await guests().sh(script, { flags: SMALL });
    expect(stdout.toString()).toMatch(/^No space left\nalive\n.*100%/);
    expect(status).toBe(0);
  });

  test.each([
    ["a tmpfs of the guest's own", "mkdir /t && mount -t tmpfs none /t", "/t/fill"],
    ["a file in /dev", "true", "/dev/fill"],
  ])("%s counts as its memory", async (_what, prepare, file) => {
    const script = `${prepare}; dd if=/dev/zero of=${file} bs=1M count=4000 && echo survived`;
    const result = await guests().json(["sh", "-c", script], { flags: SMALL });
    if (outcomeOf(result) !== "guest_out_of_memory") expect(result["stdout"]).not.toContain("survived");
    await expectNextGuestWell(guests());
  });
});
