// The figures as docs/performance.md shows them.

import { formatHostFacts } from "../src/bench/host-facts.js";
import { formatGoal, type Report } from "../src/bench/report.js";
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
export function formatFigures(report: Report): string {
  const facts = formatHostFacts(report.host).map((line) => `- ${line}\n`);
  const scenarios = report.scenarios.flatMap((each) =>
    each.kind === "measured"
      ? [
          [
            each.title,
            each.unit,
            formatFigure(each.median),
            formatFigure(each.p95),
            formatGoal(each.goal, each.unit),
          ],
        ]
      : [],
  );
  const comparisons = report.comparisons.flatMap((each) =>
    each.kind === "measured"
      ? [[each.title, ...[each.hostMs, each.guestMs, each.ratio].map(formatFigure)]]
      : [],
  );
  return [
    facts.join(""),
    formatMarkdownTable(["Scenario", "Unit", "Median", "p95", "Goal"], scenarios),
    "Guest against host, the same script, medians:\n",
    formatMarkdownTable(["Work", "Host, ms", "Guest, ms", "Ratio"], comparisons),
  ].join("\n");
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
