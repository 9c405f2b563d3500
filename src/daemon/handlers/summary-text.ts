// A summary as a few lines to paste into a report.

import type { ResultOf } from "../../operations/registry.js";
import type { Workspace } from "../../workspace/workspace.js";

export type SummaryFacts = Omit<ResultOf<"workspace_summary">, "text">;

const MAX_PATHS = 10;
const COMMAND_MAX = 100;

export function summaryText({ id, record }: Workspace, facts: SummaryFacts): string {
  const { commands, edits, changes, exports, snapshots, services, network } = facts;
  const name = record.name === undefined ? id : `${record.name} (${id})`;
  const since = new Date(facts.since * 1000).toISOString();
  const last = commands.last.at(-1);
  const named = snapshots.filter(({ kind }) => kind === "named").map((each) => each.snapshot_name);
  const lines = [
    `Workspace ${name} on ${record.environment.name}, since ${since}:`,
    `- Commands: ${commands.total}, ${commands.failed} failed.`,
    last && `- Last command: \`${shorten(last.command)}\`, ${describeEnd(last.exit_code)}.`,
    `- Edits: ${counted(edits.files_written, "file")} written, ${counted(edits.patches_applied, "patch", "patches")}, ` +
      `${counted(edits.syncs, "push", "pushes")}.`,
    changes ? describeChanges(changes) : "- Changed files: not known, no guest runs.",
    exports.length > 0 && `- Exports: ${exports.map((each) => each.output_path).join(", ")}.`,
    services.length > 0 &&
      `- Services: ${services.map((each) => `${each.service_name} ${each.state}`).join(", ")}.`,
    network && describeNetwork(network),
    named.length > 0 && `- Snapshots: ${named.join(", ")}.`,
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function describeEnd(exitCode: number | null): string {
  return exitCode === null ? "interrupted" : `exit status ${exitCode}`;
}

function describeChanges({ summary, entries }: NonNullable<SummaryFacts["changes"]>): string {
  if (summary.total === 0) return "- Changed files: none.";
  const shown = entries.slice(0, MAX_PATHS).map(({ status, path }) => `  - ${status} ${path}`);
  const more = summary.total - shown.length;
  return [
    `- Changed files: ${summary.total} (${summary.added} added, ${summary.modified} modified, ${summary.deleted} deleted).`,
    ...shown,
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ].join("\n");
}

function describeNetwork({ policy, connections, ...view }: NonNullable<SummaryFacts["network"]>): string {
  const { total, refused, failed } = connections;
  const names = view.names.slice(0, MAX_PATHS).map((each) => `  - ${each.name}: ${each.connections}`);
  const refusals = view.refused.slice(0, MAX_PATHS).map((each) => `  - refused: ${describeTarget(each)}`);
  return [
    `- Network (${policy}): ${counted(total, "connection")} to ${counted(view.name_count, "name")}, ${refused} refused, ${failed} failed; ` +
      `${counted(view.bytes_sent, "byte")} sent, ${view.bytes_received} received.`,
    ...names,
    ...refusals,
  ].join("\n");
}

function describeTarget(target: NonNullable<SummaryFacts["network"]>["refused"][number]): string {
  const { name, address, port, reason, connections } = target;
  const place = port === 0 ? address : `${address} port ${port}`;
  return `${name === "" ? place : `${name} (${place})`}, ${counted(connections, "time")}: ${reason}`;
}

function shorten(command: string): string {
  const line = command.replaceAll(/\s+/g, " ");
  return line.length > COMMAND_MAX ? `${line.slice(0, COMMAND_MAX)}…` : line;
}
