// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { Engine } from "./results.js";

/** What a workspace began with. */
export interface WorkspaceSeed {
  mode: "empty" | "directory" | "tar_archive";
  seedPath: string | null;
  originKind: "empty" | "directory" | "git" | "archive";

  /** Of a Git checkout: branch and commit. */
  originRef: string | null;
  destination: string;

  /** Files, directories and links. */
  entryCount: number;
  bytesWritten: number;

  /** What was left out, and why; the first of them. */
  skipped: { path: string; reason: string }[];

  /** How many were left out. */
  skippedCount: number;
}

/** A command of a workspace, in short. */
export interface WorkspaceCommand {
  /** Number of the command since the last reset, from 1. */
  sequence: number;
  command: string;
  cwd: string;

  /** Null when the command was interrupted with its guest. */
  exitCode: number | null;

  /** Milliseconds. */
  durationMs: number;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
}

/** That a guest had died, and what of its workspace is lost. */
export interface WorkspaceRecovery {
  /** Unix time, seconds. */
  recoveredAt: number;

  /** How the guest was lost. */
  reason: string;

  /** Of when the restored files are: Unix time, seconds. */
  restoredAt: number;

  /** Commands after that: their effects are lost. */
  missingCommands: { sequence: number; command: string }[];

  /** Writes, patches and pushes after that, lost too. */
  missingEditCount: number;
}

/** A workspace, as it was when the call was answered. */
export interface WorkspaceRecord {
  workspaceId: string;
  name: string | null;
  labels: Record<string, string>;
  environment: string;
  environmentVersion: string;

  /** `stopped`: no guest runs; files, packages and logs are kept. */
  state: "created" | "started" | "stopped";

  /** Virtual CPUs. */
  vcpuCount: number;

  /** Memory, MiB. */
  memMib: number;

  /** From the last activity to the stop, seconds. */
  ttlSeconds: number;

  /** Unix time, seconds. */
  createdAt: number;

  /** Unix time, seconds. */
  lastActivityAt: number;

  /** When it is stopped by itself; once stopped, when it is removed. */
  expiresAt: number;

  /** Where the files are in the guest. */
  workspacePath: string;

  /** What the workspace began with. */
  workspaceSeed: WorkspaceSeed;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** What runs the guest; null until it has started. */
  engine: Engine | null;
  allowHostCompat: boolean;
  networkPolicy: string;
  networkEnabled: boolean;
  guestIp: string | null;

  /** Secrets, without their values. */
  secrets: {
    name: string;
    sourceKind: "literal" | "file";

    /** False: shorter than 6 bytes, so that output shows it as it is. */
    redacted: boolean;
  }[];

  /** Since the last reset. */
  commandCount: number;
  lastCommand: WorkspaceCommand | null;
  resetCount: number;
  lastResetAt: number | null;

  /** Named snapshots, without the baseline. */
  snapshotCount: number;
  serviceCount: number;
  runningServiceCount: number;

  /** On the host's disk: changes, layers and logs. */
  diskBytes: number;

  /** Of the running guest; 0 when none runs. */
  memoryBytes: number;

  /** When it was last brought back after its guest had died. */
  recoveredAt: number | null;

  /** What went wrong last, and still holds. */
  lastError: string | null;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** A workspace in a list. */
export interface WorkspaceEntry {
  workspaceId: string;
  name: string | null;
  labels: Record<string, string>;
  environment: string;

  /** `stopped`: no guest runs; files, packages and logs are kept. */
  state: "created" | "started" | "stopped";

  /** Unix time, seconds. */
  createdAt: number;

  /** Unix time, seconds. */
  lastActivityAt: number;

  /** When it is stopped by itself; once stopped, when it is removed. */
  expiresAt: number;
  commandCount: number;
  serviceCount: number;
  runningServiceCount: number;

  /** On the host's disk. */
  diskBytes: number;

  /** Why it cannot be used; null when it can. */
  problem: string | null;
}

/** Result of {@link Pyro.listWorkspaces}. */
export interface WorkspaceList {
  count: number;
  workspaces: WorkspaceEntry[];
}

/** Result of {@link Pyro.deleteWorkspace}. */
export interface DeletedWorkspace {
  workspaceId: string;
  deleted: boolean;

  /** `explicit_delete`. */
  reason: string;
}

/** What came of one command in a workspace. */
export interface WorkspaceCommandResult {
  workspaceId: string;

  /** Number of the command since the last reset, from 1. */
  sequence: number;
  environment: string;
  environmentVersion: string;
  cwd: string;

  /** As a shell would read it. */
  command: string;

  /** What is not UTF-8 is replaced; of more than 1 MiB head and tail are kept. */
  stdout: string;

  /** The same for stderr. */
  stderr: string;

  /** A part of stdout was left out. */
  stdoutTruncated: boolean;

  /** A part of stderr was left out. */
  stderrTruncated: boolean;

  /** As a shell reports it; 124 after a timeout. */
  exitCode: number;

  /** The command was killed at its limit. */
  timedOut: boolean;

  /** The limit that the command had, seconds. */
  timeoutSeconds: number;

  /** Name of the signal that ended the command; null when none did. */
  signal: string | null;

  /** Time that the command took, milliseconds. */
  durationMs: number;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** All that the command wrote, bytes. */
  stdoutBytes: number;

  /** The same for stderr. */
  stderrBytes: number;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** A command of a workspace with its output. */
export interface WorkspaceLogEntry {
  /** Number of the command since the last reset, from 1. */
  sequence: number;
  command: string;
  cwd: string;

  /** Null when the command was interrupted with its guest. */
  exitCode: number | null;

  /** Milliseconds. */
  durationMs: number;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
  timedOut: boolean;
  signal: string | null;

  /** When it ended: Unix time, seconds. */
  recordedAt: number;
  stdout: string;
  stderr: string;

  /** There is more than what is here. */
  stdoutTruncated: boolean;
  stderrTruncated: boolean;

  /** All that the command wrote, bytes. */
  stdoutBytes: number;
  stderrBytes: number;
}

/** Result of {@link Pyro.logsWorkspace}. */
export interface WorkspaceLogs {
  workspaceId: string;

  /** Commands since the last reset. */
  count: number;
  entries: WorkspaceLogEntry[];

  /** With `sequence` and `stream`: where the next piece begins; null at the end. */
  nextOffset: number | null;
}

/** A state that a workspace can go back to. */
export interface Snapshot {
  snapshotName: string;
  kind: "baseline" | "named";

  /** Unix time, seconds. */
  createdAt: number;

  /** On the host's disk. */
  sizeBytes: number;
  deletable: boolean;
}

/** How many entries differ from the baseline, and how. */
export interface ChangeSummary {
  total: number;
  added: number;
  modified: number;
  deleted: number;
  typeChanged: number;
  modeChanged: number;

  /** Entries that the text patch holds. */
  textPatched: number;

  /** Binary files and other entries that a text patch cannot hold. */
  nonText: number;
}

/** A file, directory or link that differs from the baseline. */
export interface ChangeEntry {
  /** Relative to /workspace. */
  path: string;
  status: "added" | "modified" | "deleted" | "type_changed" | "mode_changed";
  artifactType: "file" | "directory" | "symlink" | "other";

  /** Null when it was added. */
  oldSizeBytes: number | null;

  /** Null when it was deleted. */
  sizeBytes: number | null;

  /** Permissions before, octal. */
  oldMode: string | null;

  /** Permissions now, octal, such as `0644`. */
  mode: string | null;

  /** Whether the patch makes the whole change. */
  inPatch: boolean;
}

/** A connection that a workspace's guest has made, or tried to. */
export interface WorkspaceConnection {
  /** When it began: Unix time, seconds. */
  at: number;

  /** Such as `tcp`, `udp`, `dns`. */
  protocol: string;

  /** What the guest had asked for; empty for a bare address. */
  name: string;
  address: string;
  port: number;
  bytesSent: number;
  bytesReceived: number;

  /** `failed`: allowed, and did not come about. */
  verdict: "allowed" | "refused" | "failed";

  /** Why it was refused or failed. */
  reason: string;

  /** Milliseconds. */
  durationMs: number;

  /** Not known to have ended: its bytes are not known either. */
  open: boolean;

  /** How many this line stands for: of a flood more than one. */
  count: number;
}

/** Result of {@link Pyro.networkLogWorkspace}. */
export interface NetworkLog {
  workspaceId: string;
  networkPolicy: string;

  /** Connections in the record, of that verdict if one was given. */
  count: number;

  /** Place of the first one shown, from the oldest. */
  offset: number;

  /** Oldest first. */
  entries: WorkspaceConnection[];

  /** Where the next piece begins; null at the end. */
  nextOffset: number | null;
}

/** What a workspace's connections add up to. */
export interface NetworkSummary {
  policy: string;
  connections: { total: number; allowed: number; refused: number; failed: number };

  /** Questions to the name server. */
  lookups: number;
  bytesSent: number;
  bytesReceived: number;

  /** What was reached, most connections first; the first of them. */
  names: { name: string; connections: number; bytesSent: number; bytesReceived: number }[];

  /** How many names or bare addresses were reached. */
  nameCount: number;

  /** What was refused, most often first; the first of them. */
  refused: {
    name: string;
    address: string;
    port: number;
    protocol: string;
    reason: string;
    connections: number;
  }[];
}

/** Result of {@link Pyro.summarizeWorkspace}. */
export interface WorkspaceSummary {
  workspaceId: string;

  /** The last reset, else the creation: Unix time, seconds. */
  since: number;
  commands: {
    total: number;
    failed: number;

    /** The latest ones, oldest first. */
    last: WorkspaceCommand[];
  };
  edits: { filesWritten: number; patchesApplied: number; syncs: number };

  /** Against the baseline; null when no guest runs that could be asked. */
  changes: { summary: ChangeSummary; entries: ChangeEntry[]; truncated: boolean } | null;
  exports: { workspacePath: string; outputPath: string; exportedAt: number }[];
  snapshots: Snapshot[];
  services: { serviceName: string; state: string }[];

  /** What was connected to; null without a network. */
  network: NetworkSummary | null;

  /** The same in a few lines. */
  text: string;
}
