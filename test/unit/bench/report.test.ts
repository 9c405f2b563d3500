import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { formatFigures, replaceFigures } from "../../../bench/markdown.js";
import { formatReport, hasFailures, toDocument, type Report } from "../../../src/bench/report.js";

const REPORT: Report = {
  host: {
    cpuModel: "Some Processor",
    cores: 2,
    memoryBytes: 8 * 1024 ** 3,
    kernel: "6.1.0",
    engine: "gvisor",
    enginePlatform: "systrap",
    engineVersion: "release-1",
    memoryLimitedBy: "cgroup",
    pyroVersion: "0.1.0",
    nodeVersion: "v20.0.0",
    loadAverage: 0.1,
  },
  environment: "debian:12",
  scenarios: [
    {
      kind: "measured",
      name: "exec",
      title: "`exec` of true",
      unit: "ms",
      goal: 12,
      median: 8.25,
      p95: 10,
      values: [8.25],
    },
    {
      kind: "measured",
      name: "out",
      title: "output",
      unit: "MB/s",
      goal: 150,
      median: 500,
      p95: 400,
      values: [500],
    },
    { kind: "skipped", name: "pool-hit", title: "parked", reason: "the pool is off" },
  ],
  comparisons: [
    { kind: "measured", name: "loop", title: "a loop", goal: 1.4, hostMs: 200, guestMs: 250, ratio: 1.25 },
  ],
};

describe("a report", () => {
  test("for people is the host's facts, the tables and what was not measured", () => {
    expect(formatReport(REPORT).split("\n").slice(4)).toEqual([
      "Environment: debian:12",
      "",
      "scenario  median   p95  unit  goal   what",
      "exec        8.25  10.0  ms    ≤ 12   `exec` of true",
      "out          500   400  MB/s  ≥ 150  output",
      "",
      "work  host ms  guest ms  guest/host  goal   what",
      "loop      200       250        1.25  ≤ 1.4  a loop",
      "",
      "pool-hit skipped: the pool is off",
      "",
    ]);
  });

  test("for programs has the same in one document", () => {
    expect(JSON.parse(JSON.stringify(toDocument(REPORT)))).toMatchObject({
      host: { cpu_model: "Some Processor", load_average: 0.1 },
      scenarios: [{ outcome: "measured", values: [8.25] }, { name: "out" }, { outcome: "skipped" }],
      comparisons: [{ outcome: "measured", host_ms: 200, guest_ms: 250, ratio: 1.25 }],
    });
  });

  test("has failed when a part of it has, not when something was skipped", () => {
    expect(hasFailures(REPORT)).toBe(false);
    const failed = { kind: "failed", name: "a", title: "a", reason: "broken" } as const;
    expect(hasFailures({ ...REPORT, scenarios: [failed] })).toBe(true);
    expect(hasFailures({ ...REPORT, comparisons: [failed] })).toBe(true);
  });
});

describe("the figures in the document", () => {
  const BEGIN = "<!-- figures: written by `make bench WRITE=1` -->";
  const END = "<!-- end of figures -->";

  test("stand between the markers as prettier would lay them out, and the text around them stays", async () => {
    const before = `# Performance\n\n${BEGIN}\n\nold\n\n${END}\n\nAfter.\n`;
    const after = replaceFigures(before, formatFigures(REPORT));
    expect(after).toContain("| 8.25   | 10.0 | ≤ 12  |");
    expect(after).not.toContain("old");
    expect(after).toMatch(/^# Performance\n/);
    expect(after).toMatch(/After\.\n$/);
    expect(await format(after, { parser: "markdown" })).toBe(after);
    expect(replaceFigures(after, formatFigures(REPORT))).toBe(after);
  });

  test("are refused by a document without markers", () => {
    expect(() => replaceFigures("# Performance\n", "x")).toThrow("has no lines");
  });
});
