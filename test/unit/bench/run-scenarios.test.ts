import { describe, expect, test } from "vitest";
import { runScenarios } from "../../../src/bench/run-scenarios.js";
import { sample } from "../../../src/bench/sample.js";
import { ScenarioSkipped, type Scenario, type ScenarioContext } from "../../../src/bench/scenario.js";
import { Client } from "../../../src/client/client.js";

function scenario(name: string, run: Scenario["run"], unit: Scenario["unit"] = "ms"): Scenario {
  return { name, title: `about ${name}`, unit, goal: 5, runs: 3, run };
}

function open(signal = new AbortController().signal) {
  const told: Record<string, string | number>[] = [];
  const contextFor = ({ name, runs }: { name: string; runs: number }): ScenarioContext => ({
    client: new Client(),
    environment: "debian:12",
    installDir: "/nowhere",
    runs,
    signal,
    tell: (fields) => void told.push({ scenario: name, ...fields }),
  });
  return { contextFor, told };
}

describe("scenarios", () => {
  test("give median and 95th percentile, and say so while they run", async () => {
    const { contextFor, told } = open();
    const [result] = await runScenarios([scenario("a", () => Promise.resolve([3, 1, 2]))], contextFor);
    expect(result).toEqual({
      kind: "measured",
      name: "a",
      title: "about a",
      unit: "ms",
      goal: 5,
      median: 2,
      p95: 3,
      values: [3, 1, 2],
    });
    expect(told).toEqual([
      { scenario: "a", runs: 3 },
      { scenario: "a", median: 2, unit: "ms" },
    ]);
  });

  test("of a throughput have their slow end as p95", async () => {
    const { contextFor } = open();
    const [result] = await runScenarios(
      [scenario("a", () => Promise.resolve([30, 10, 20]), "MB/s")],
      contextFor,
    );
    expect(result).toMatchObject({ p95: 10 });
  });

  test("that fail or cannot be measured here leave the others alone", async () => {
    const { contextFor } = open();
    const results = await runScenarios(
      [
        scenario("breaks", () => Promise.reject(new Error("no luck"))),
        scenario("lacks", () => Promise.reject(new ScenarioSkipped("no git"))),
        scenario("works", () => Promise.resolve([1])),
      ],
      contextFor,
    );
    expect(results).toMatchObject([
      { kind: "failed", name: "breaks", reason: "no luck" },
      { kind: "skipped", name: "lacks", reason: "no git" },
      { kind: "measured", name: "works" },
    ]);
  });

  test("end with the interruption, which is no failure of a scenario", async () => {
    const abort = new AbortController();
    const { contextFor } = open(abort.signal);
    const interrupted = scenario("a", () => {
      abort.abort(new Error("interrupted"));
      return Promise.reject(new Error("torn"));
    });
    await expect(runScenarios([interrupted], contextFor)).rejects.toThrow("interrupted");
  });
});

test("a sample drops its first value, which only warms up", async () => {
  let count = 0;
  const { contextFor } = open();
  const values = await sample(contextFor({ name: "a", runs: 2 }), () => Promise.resolve(count++));
  expect(values).toEqual([1, 2]);
});
