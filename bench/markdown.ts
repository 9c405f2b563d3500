// The figures as docs/performance.md shows them.

import type { Comparison } from "../src/bench/comparison/compare.js";
import { formatHostFacts } from "../src/bench/host-facts.js";
import { formatGoal, type Report } from "../src/bench/report.js";
import type { ScenarioResult } from "../src/bench/run-scenarios.js";
import { formatFigure, pad } from "../src/bench/table.js";

const BEGIN = "<!-- figures: written by `make bench WRITE=1` -->";
const END = "<!-- end of figures -->";

/** Puts the figures between the document's markers; its own text stays. */
export function replaceFigures(document: string, figures: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the document has no lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${figures}\n${document.slice(end)}`;
}

/** A list of the host's facts and two tables, laid out as prettier does it. */
export function formatFigures({ host, scenarios, comparisons }: Report): string {
  const facts = formatHostFacts(host).map((line) => `- ${line}\n`);
  const parts = [
    facts.join(""),
    formatMarkdownTable(["Scenario", "Unit", "Median", "p95", "Goal"], scenarios.flatMap(toScenarioRow)),
    "Guest against host, the same script, medians:\n",
    formatMarkdownTable(["Work", "Host, ms", "Guest, ms", "Ratio"], comparisons.flatMap(toComparisonRow)),
  ];
  return parts.join("\n");
}

function toScenarioRow(result: ScenarioResult): string[][] {
  if (result.kind !== "measured") return [];
  const { title, unit, median, p95, goal } = result;
  return [[title, unit, formatFigure(median), formatFigure(p95), formatGoal(goal, unit)]];
}

function toComparisonRow(comparison: Comparison): string[][] {
  if (comparison.kind !== "measured") return [];
  const { title, hostMs, guestMs, ratio } = comparison;
  return [[title, ...[hostMs, guestMs, ratio].map(formatFigure)]];
}

function formatMarkdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((_, index) =>
    Math.max(3, ...[titles, ...rows].map((cells) => cells[index]?.length ?? 0)),
  );
  const format = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => pad(cells[index] ?? "", width, "left")).join(" | ")} |\n`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`;
  return [format(titles), rule, ...rows.map(format)].join("");
}
