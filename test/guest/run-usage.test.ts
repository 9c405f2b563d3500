// What `pyro run` says when it was called wrongly, or cannot do what it was asked.

import { describe, expect, test } from "vitest";
import { ANYBODY, isRecord, useGuests } from "../helpers/use-guests.js";

const USAGE = 2;
const OWN_FAILURE = 125;

interface Refusal {
  readonly flags: readonly string[];
  readonly status: number;
  readonly code: string;
  readonly message: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  { flags: ["--mem-mib", "1"], status: USAGE, code: "invalid_input", message: /mem_mib: 1 .* 256 to 32768/ },
  {
    flags: ["--mem-mib", "99999"],
    status: USAGE,
    code: "invalid_input",
    message: /mem_mib: 99999 .* 256 to 32768/,
  },
  {
    flags: ["--vcpu-count", "99"],
    status: USAGE,
    code: "invalid_input",
    message: /vcpu_count: 99 .* 1 to 8/,
  },
  {
    flags: ["--timeout-seconds", "0"],
    status: USAGE,
    code: "invalid_input",
    message: /timeout_seconds: 0 .* 1 to 86400/,
  },
  {
    flags: ["--timeout-seconds", "abc"],
    status: USAGE,
    code: "invalid_input",
    message: /timeout_seconds: "abc" .* 1 to 86400/,
  },
  {
    flags: ["--timeout-seconds", "1.5"],
    status: USAGE,
    code: "invalid_input",
    message: /timeout_seconds: 1\.5 .* 1 to 86400/,
  },
  { flags: ["--timeout-seconds", "-5"], status: USAGE, code: "invalid_input", message: /timeout.seconds/ },
  { flags: ["--no-such-flag"], status: USAGE, code: "invalid_input", message: /--no-such-flag/ },
  { flags: ["one-too-many"], status: USAGE, code: "invalid_input", message: /too many arguments/ },
];

describe("wrong usage of run", () => {
  const guests = useGuests(ANYBODY);

  test.each(REFUSALS)("$flags is refused with status $status", async ({ flags, status, code, message }) => {
    const { pyro, environment } = guests();
    const argv = ["run", environment, ...flags, "--", "true"];
    const human = await pyro.run(argv);
    expect(human).toMatchObject({ status });
    expect(human.stdout.toString()).toBe("");
    expect(human.stderr).toMatch(/^error: .+\nhint: .+\n$/);
    expect(human.stderr).toMatch(message);
    const json = await pyro.json(argv);
    expect(json.status).toBe(status);
    const error = isRecord(json.value) ? json.value["error"] : undefined;
    expect(error).toHaveProperty("code", code);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
    expect(error).toHaveProperty("hint", expect.stringMatching(/./));
    expect(error).toHaveProperty("details");
  });

  test("an unknown environment is refused with the known ones", async () => {
    const { pyro } = guests();
    const { status, stderr } = await pyro.run(["run", "debain:12", "--", "true"]);
    expect(status).toBe(OWN_FAILURE);
    expect(stderr).toMatch(/^error: .*"debain:12".*debian:12.*debian:12-base.*debian:12-build/);
    const { value } = await pyro.json(["run", "debain:12", "--", "true"]);
    expect(isRecord(value) && value["error"]).toMatchObject({ code: "environment_not_found" });
  });

  test.each([[["--"]], [[]]])("a missing command (%j) is refused with an example", async (end) => {
    const { pyro, environment } = guests();
    const { status, stdout, stderr } = await pyro.run(["run", environment, ...end]);
    expect(status).toBe(USAGE);
    expect(stdout.toString()).toBe("");
    expect(stderr).toMatch(/^error: the guest's command is missing\nhint: .*pyro run .* -- .+\n$/);
  });

  test("an empty name of a command is refused", async () => {
    const { status, stderr } = await guests().run([""]);
    expect(status).toBe(USAGE);
    expect(stderr).toMatch(/^error: .+\nhint: .+\n$/m);
  });
});
