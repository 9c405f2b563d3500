// `pyro bench` against real guests: that it measures and says what it measured, never how fast.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ANYBODY, useGuests } from "../helpers/use-guests.js";

const Report = z.object({
  host: z.looseObject({ cores: z.number() }),
  scenarios: z.array(z.looseObject({ values: z.array(z.number()) })),
  comparisons: z.array(z.unknown()),
});

describe("pyro bench", () => {
  const guests = useGuests(ANYBODY, { PYRO_POOL: "1" });

  test("measures a parked guest and names the host's facts", async () => {
    const { pyro, environment } = guests();
    const flags = ["--environment", environment, "--only", "pool-hit", "--runs", "1"];
    const { status, value } = await pyro.json(["bench", ...flags]);
    const { host, scenarios, comparisons } = Report.parse(value);
    expect({ status, host, comparisons }).toMatchObject({
      status: 0,
      host: { engine: "gvisor" },
      comparisons: [],
    });
    expect(host.cores).toBeGreaterThan(0);
    expect(scenarios).toMatchObject([{ outcome: "measured", name: "pool-hit", unit: "ms", goal: 20 }]);
    expect(scenarios[0]?.values).toHaveLength(1);
  });

  test("does the same work in the guest and on the host", async () => {
    const { pyro, environment } = guests();
    const flags = ["--environment", environment, "--only", "find", "process-starts", "--runs", "1"];
    const { status, stdout, stderr } = await pyro.run(["bench", ...flags]);
    expect(status, stderr).toBe(0);
    expect(stdout.toString()).toMatch(/^process-starts +[\d.]+ +[\d.]+ +[\d.]+ /m);
    expect(stdout.toString()).toMatch(/^find +[\d.]+ +[\d.]+ +[\d.]+ /m);
    expect(stderr).toMatch(/^\[bench\] scenario=guest-against-host run=1\/1 on=guest$/m);
  });

  test("refuses a scenario that it does not know, and names those that it does", async () => {
    const { status, stderr } = await guests().pyro.run(["bench", "--only", "nothing"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/there is no scenario "nothing"[^]*pool-hit/);
  });
});
