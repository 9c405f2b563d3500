// Status lines, `[tag] key=value …`, and the bar that stands in for them on a terminal.

import type { ProgressEvent } from "../contract/events.js";

const BAR_WIDTH = 24;

export function formatStatusLine(event: Pick<ProgressEvent, "tag" | "fields">): string {
  const pairs = Object.entries(event.fields).map(([key, value]) => ` ${key}=${formatValue(value)}`);
  return `[${event.tag}]${pairs.join("")}`;
}

function formatValue(value: string | number): string {
  const text = String(value);
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text);
}

/** One line of at most `columns` characters. */
export function formatBar(event: ProgressEvent, columns: number): string {
  const { current, total, unit } = event.done ?? { current: 0, total: undefined, unit: "" };
  const label = formatStatusLine(event);
  if (total === undefined || total <= 0) return `${label} ${current} ${unit}`.slice(0, columns - 1);
  const share = Math.min(1, current / total);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}`;
  return `${label} [${bar}] ${Math.floor(share * 100)} %`.slice(0, columns - 1);
}
