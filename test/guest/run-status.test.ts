// The exit status of `pyro run`: the guest command's own, or what became of it.

import { describe, expect, test } from "vitest";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

describe.each(IDENTITIES)("exit status, as %s", (identity) => {
  const guests = useGuests(identity);

  test("a command's own status is the CLI's", async () => {
    const codes = [0, 1, 2, 124, 125, 126, 127, 128, 255];
    const results = await Promise.all(codes.map((code) => guests().sh(`exit ${code}`)));
    expect(results.map(({ status }) => status)).toEqual(codes);
  });

  test("a command that does not exist is 127, with a line on stderr", async () => {
    const { status, stderr } = await guests().run(["no-such-program", "x"]);
    expect(status).toBe(127);
    expect(stderr).toContain("no-such-program: command not found\n");
  });

  test.each([
    ["a file without x", ["/etc/passwd"], "permission denied"],
    ["a directory", ["/etc"], "is a directory"],
  ])("%s is 126, with a line on stderr", async (_what, argv, reason) => {
    const { status, stderr } = await guests().run(argv);
    expect(status).toBe(126);
    expect(stderr).toContain(`${argv[0] ?? ""}: ${reason}\n`);
  });

  test("a command killed by a signal is 128+n and names the signal", async () => {
    for (const [number, name] of [
      [9, "SIGKILL"],
      [15, "SIGTERM"],
      [11, "SIGSEGV"],
    ] as const) {
      const result = await guests().json(["sh", "-c", `kill -${number} $$`]);
      expect(result).toMatchObject({ exit_code: 128 + number, signal: name, timed_out: false });
    }
  });

  test("a timeout is 124, says so, and keeps the output so far", async () => {
    const { status, stdout, stderr } = await guests().sh(
      "echo before; echo warning >&2; sleep 1000; echo after",
      {
        flags: ["--timeout-seconds", "2"],
      },
    );
    expect(status).toBe(124);
    expect(stdout.toString()).toBe("before\n");
    expect(stderr).toMatch(/^warning$/m);
    expect(stderr).toMatch(/^command timed out after 2s$/m);
  });

  test("a timeout ends a command that ignores TERM and has children in sessions of their own", async () => {
    const script = `trap '' TERM INT HUP
      setsid sh -c "trap '' TERM; while :; do sleep 1; done" &
      setsid setsid sleep 1000 &
      while :; do sleep 1; done`;
    const result = await guests().json(["sh", "-c", script], { flags: ["--timeout-seconds", "2"] });
    expect(result).toMatchObject({ exit_code: 124, timed_out: true });
  });

  test("a child in the background does not hold the call", async () => {
    const { status, stdout } = await guests().sh("sleep 1000 & setsid sleep 1000 & echo done", {
      flags: ["--timeout-seconds", "100"],
      timeoutMs: 60_000,
    });
    expect(stdout.toString()).toBe("done\n");
    expect(status).toBe(0);
  });
});
