// What reaches the guest's command of the command line.

import { describe, expect, test } from "vitest";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

/** Prints its arguments, each followed by a NUL. */
const PRINT_ARGUMENTS = ["perl", "-e", "print join(qq{\\0}, @ARGV), qq{\\0}", "--"] as const;

describe.each(IDENTITIES)("arguments, as %s", (identity) => {
  const guests = useGuests(identity);

  test("every argument after `--` arrives unsplit and unchanged", async () => {
    const args = [
      "two words",
      "",
      "'single' \"double\" `back` \\",
      "line\nbreak\ttab",
      "$HOME *",
      "--json",
      "--",
      "-x",
      "ünïcödé ☃ 😀",
      "\u001b[31m",
      "",
    ];
    const { status, stdout } = await guests().run([...PRINT_ARGUMENTS, ...args]);
    expect(status).toBe(0);
    expect(stdout.toString().split("\0").slice(0, -1)).toEqual(args);
  });

  test("an argument vector of 100 kB arrives whole", async () => {
    const args = Array.from({ length: 1000 }, (_, index) => `${index}-`.padEnd(100, "x"));
    const { status, stdout } = await guests().run([...PRINT_ARGUMENTS, ...args]);
    expect(status).toBe(0);
    expect(stdout.toString().split("\0").slice(0, -1)).toEqual(args);
  });

  test("flags stand on either side of the environment", async () => {
    const { pyro, environment } = guests();
    for (const own of [
      ["--timeout-seconds", "20", environment],
      [environment, "--timeout-seconds=20"],
      ["--mem-mib", "512", environment, "--vcpu-count", "2"],
    ]) {
      const { status, stdout } = await pyro.run(["run", ...own, "--", "echo", "hello"]);
      expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "hello\n" });
    }
  });
});
