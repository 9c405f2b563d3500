// Everything that a benchmark found out, as a program reads it and as people read it.

import { isThroughput, type Unit } from "./scenario.js";
import type { Comparison } from "./comparison/compare.js";
import { formatHostFacts, type HostFacts } from "./host-facts.js";
import type { Measured, ScenarioResult } from "./run-scenarios.js";
import { formatFigure, formatTable } from "./table.js";

export interface Report {
  readonly host: HostFacts;
  readonly environment: string;
  readonly scenarios: readonly ScenarioResult[];
  readonly comparisons: readonly Comparison[];
}

/** Whether something went wrong; what this host cannot do has not. */
export function hasFailures({ scenarios, comparisons }: Report): boolean {
  return [...scenarios, ...comparisons].some(({ kind }) => kind === "failed");
}

export function formatReport(report: Report): string {
  const parts = [
    [...formatHostFacts(report.host), `Environment: ${report.environment}`, ""].join("\n"),
    formatScenarios(report.scenarios),
    formatComparisons(report.comparisons),
    formatNotMeasured(report),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function formatScenarios(results: readonly ScenarioResult[]): string {
  const measured = results.filter((result) => result.kind === "measured");
  if (measured.length === 0) return "";
  const columns = [
    { title: "scenario", align: "left" },
    { title: "median", align: "right" },
    { title: "p95", align: "right" },
    { title: "unit", align: "left" },
    { title: "goal", align: "left" },
    { title: "what", align: "left" },
  ] as const;
  return formatTable(columns, measured.map(formatRow));
}

function formatRow({ name, median, p95, unit, goal, title }: Measured): string[] {
  return [name, formatFigure(median), formatFigure(p95), unit, formatGoal(goal, unit), title];
}

/** `≤ 20`, or `≥ 150` of a throughput; "" without a goal. */
export function formatGoal(goal: number | undefined, unit: Unit): string {
  if (goal === undefined) return "";
  return `${isThroughput(unit) ? "≥" : "≤"} ${goal}`;
}

function formatComparisons(comparisons: readonly Comparison[]): string {
  const measured = comparisons.filter((each) => each.kind === "measured");
  if (measured.length === 0) return "";
  const columns = [
    { title: "work", align: "left" },
    { title: "host ms", align: "right" },
    { title: "guest ms", align: "right" },
    { title: "guest/host", align: "right" },
    { title: "goal", align: "left" },
    { title: "what", align: "left" },
  ] as const;
  const rows = measured.map(({ name, title, goal, hostMs, guestMs, ratio }) => {
    const figures = [hostMs, guestMs, ratio].map(formatFigure);
    return [name, ...figures, goal === undefined ? "" : `≤ ${goal}`, title];
  });
  return formatTable(columns, rows);
}

function formatNotMeasured({ scenarios, comparisons }: Report): string {
  return [...scenarios, ...comparisons]
    .flatMap((each) => (each.kind === "measured" ? [] : [`${each.name} ${each.kind}: ${each.reason}\n`]))
    .join("");
}

/** The document of `--json`. */
export function toDocument({ host, environment, scenarios, comparisons }: Report) {
  return {
    host: {
      cpu_model: host.cpuModel,
      cores: host.cores,
      memory_bytes: host.memoryBytes,
      kernel: host.kernel,
      engine: host.engine,
      engine_platform: host.enginePlatform,
      engine_version: host.engineVersion,
      memory_limited_by: host.memoryLimitedBy,
      pyro_version: host.pyroVersion,
      node_version: host.nodeVersion,
      load_average: host.loadAverage,
    },
    environment,
    scenarios: scenarios.map(({ kind, ...rest }) => ({ outcome: kind, ...rest })),
    comparisons: comparisons.map(toComparisonDocument),
  };
}

function toComparisonDocument(comparison: Comparison) {
  if (comparison.kind !== "measured") {
    const { kind, ...rest } = comparison;
    return { outcome: kind, ...rest };
  }
  const { kind, hostMs, guestMs, ...rest } = comparison;
  return { outcome: kind, host_ms: hostMs, guest_ms: guestMs, ...rest };
}
