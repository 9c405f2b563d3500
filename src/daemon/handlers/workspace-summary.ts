// workspace_summary: what has happened in a workspace since its last reset.

import type { ResultOf } from "../../operations/registry.js";
import { diffBaseline } from "../../workspace/diff-baseline.js";
import type { DiffResult } from "../../workspace/diff/diff-result.js";
import type { CommandEntry, JournalLine } from "../../workspace/journal.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { CallContext, Handler } from "../handler.js";
import type { Services } from "../services.js";
import { formatDiffEntry, formatDiffSummary } from "./diff-result.js";
import { formatSnapshots } from "./snapshots.js";
import { summaryText } from "./summary-text.js";
import { summarizeNetwork } from "./workspace-network.js";
import { executionModeOf } from "./workspace-record.js";

type Summary = ResultOf<"workspace_summary">;

const MAX_COMMANDS = 10;
const MAX_ENTRIES = 200;

export const summarizeWorkspace: Handler<"workspace_summary"> = async (services, input, context) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { record, history } = workspace;
  const lines = await history.readLines();
  const commands = await history.readCommands();
  const counts = {
    workspace_id: workspace.id,
    since: record.lastResetAt ?? record.createdAt,
    commands: {
      total: commands.length,
      failed: commands.filter(hasFailed).length,
      last: commands.slice(-MAX_COMMANDS).map((command) => formatCommand(workspace, command)),
    },
    edits: countEdits(lines),
    changes: await findChanges(services, workspace, context),
    exports: lines.flatMap((line) =>
      line.kind === "export"
        ? [{ workspace_path: line.from, output_path: line.to, exported_at: line.at }]
        : [],
    ),
    snapshots: formatSnapshots(workspace),
    services: history.services.list().map(({ name, state }) => ({ service_name: name, state })),
    network: await summarizeNetwork(services, workspace),
  };
  return { ...counts, text: summaryText(workspace, counts) };
};

function hasFailed({ end }: CommandEntry): boolean {
  return end !== undefined && end.exitCode !== 0;
}

function formatCommand(
  { record }: Workspace,
  { sequence, command, cwd, end }: CommandEntry,
): Summary["commands"]["last"][number] {
  return {
    sequence,
    command,
    cwd,
    exit_code: end?.exitCode ?? null,
    duration_ms: end?.durationMs ?? 0,
    execution_mode: executionModeOf(record),
  };
}

function countEdits(lines: readonly JournalLine[]): Summary["edits"] {
  const count = (kind: JournalLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { files_written: count("write"), patches_applied: count("patch"), syncs: count("sync") };
}

/** Null when no guest runs: a look at a workspace starts none. */
async function findChanges(
  { workspaceParts }: Services,
  workspace: Workspace,
  { signal }: CallContext,
): Promise<Summary["changes"]> {
  if (!workspace.guest) return null;
  const options = { includePatch: false, includeIgnored: false, includeBinary: false, path: undefined };
  const diff: DiffResult = await workspace.look(signal, (files, both) =>
    diffBaseline(workspaceParts, workspace.record, files, options, both),
  );
  return {
    summary: formatDiffSummary(diff.summary),
    entries: diff.entries.slice(0, MAX_ENTRIES).map(formatDiffEntry),
    truncated: diff.entries.length > MAX_ENTRIES,
  };
}
