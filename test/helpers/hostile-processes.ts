// Guests with too many processes and files, and guests that turn on their own agent.

import { readdir, readlink } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { expectNextGuestWell } from "./run-cleanly.js";
import type { TestPyro } from "./test-pyro.js";
import { isRecord, useGuests, type Identity } from "./use-guests.js";

/** What a guest that ends itself may come to; never a success. */
const DEATHS = ["guest_died", "guest_out_of_memory"] as const;

/** Far above the command's own limits; a hang would reach it. */
const BOUND_MS = 300_000;

/** The fewer megabytes, the fewer tasks a guest may have. */
const SMALL = ["--mem-mib", "256"] as const;
/** The host's init reaps what the end of a sandbox leaves it. */
const SETTLE_TIMEOUT_MS = 60_000;

/** The Sentry, and its process for each address space of the guest: those have no command line to be known by. */
async function findEngineProcesses({ settings }: TestPyro): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => "")));
  return pids.filter((_pid, index) => programs[index]?.startsWith(`${settings.stateDir}/`));
}

export function describeHostileProcesses(identity: Identity): void {
  describe(`processes, as ${identity}`, () => {
    const guests = useGuests(identity);

    test("a guest has a limit of processes, EAGAIN, and lives on", async () => {
      const script = `my $count = 0;
      while ($count < 5000) {
        my $pid = fork();
        last if !defined $pid;
        exec "sleep", "1000" if $pid == 0;
        $count++;
      }
      print $!{EAGAIN} ? "EAGAIN" : "$! after $count";`;
      const { status, stdout } = await guests().run(["perl", "-MErrno", "-e", script], {
        flags: [...SMALL, "--timeout-seconds", "100"],
      });
      expect(stdout.toString()).toBe("EAGAIN");
      expect(status).toBe(0);
    });

    test("a fork bomb ends with its timeout, and all its processes with it", async () => {
      const result = await guests().json(["bash", "-c", ":(){ :|:& };: 2>/dev/null; sleep 1000"], {
        flags: [...SMALL, "--timeout-seconds", "3"],
        timeoutMs: BOUND_MS,
      });
      const error = result["error"];
      if (isRecord(error)) expect(DEATHS).toContain(error["code"]);
      else expect(result).toMatchObject({ exit_code: 124, timed_out: true });
      await expect.poll(() => findEngineProcesses(guests().pyro), { timeout: SETTLE_TIMEOUT_MS }).toEqual([]);
      await expectNextGuestWell(guests());
    });

    test.each([
      ["kill -9 1", "kill -9 1; sleep 1; echo survived"],
      ["kill -TERM 1", "kill -TERM 1; sleep 1; echo survived"],
      ["kill -SEGV 1", "kill -SEGV 1; sleep 1; echo survived"],
      ["kill -9 -1", "kill -9 -1; sleep 1; echo survived"],
    ])("`%s` has a clear outcome", async (_name, script) => {
      const result = await guests().json(["sh", "-c", script], {
        flags: ["--timeout-seconds", "10"],
        timeoutMs: BOUND_MS,
      });
      const error = result["error"];
      if (isRecord(error)) {
        expect(DEATHS).toContain(error["code"]);
        expect(error["message"]).toMatch(/guest .* while the command ran$/);
      } else {
        // PID 1 is not hurt by a signal that it does not handle; told to leave, it ends the command first.
        expect(result).toMatchObject({ timed_out: false });
        expect([result["stdout"], result["signal"]]).toContainEqual(
          expect.stringMatching(/survived|SIGKILL|SIGTERM/),
        );
      }
      await expectNextGuestWell(guests());
    });

    test("a reboot inside has a clear outcome", async () => {
      // reboot(2), RB_AUTOBOOT: what `reboot -f` does.
      const result = await guests().json(
        ["perl", "-e", "syscall(169, 0xfee1dead, 672274793, 0x1234567, 0); sleep 1; print qq{survived}"],
        {
          flags: ["--timeout-seconds", "10"],
          timeoutMs: BOUND_MS,
        },
      );
      const error = result["error"];
      if (isRecord(error)) expect(DEATHS).toContain(error["code"]);
      else expect(result).toMatchObject({ stdout: "survived", exit_code: 0 });
      await expectNextGuestWell(guests());
    });

    test("a process opens thousands of files", async () => {
      const script =
        "my @open; for (1..20000) { open(my $f, '<', '/etc/passwd') or die $!; push @open, $f } print scalar @open";
      const { status, stdout, stderr } = await guests().run(["perl", "-e", script]);
      expect(stdout.toString(), stderr).toBe("20000");
      expect(status).toBe(0);
    });

    test("a command that closes its output and lives on is waited for", async () => {
      const { status } = await guests().sh("exec >&- 2>&-; sleep 2; exit 9");
      expect(status).toBe(9);
    });
  });
}
