// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { Engine } from "./results.js";
import type {
  WorkspaceSeed,
  WorkspaceCommand,
  WorkspaceRecovery,
  Snapshot,
  ChangeSummary,
  ChangeEntry,
} from "./workspace-results.js";

/** Result of {@link Pyro.pushWorkspaceSync}. */
export interface SyncResult {
  workspaceId: string;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
  workspaceSync: {
    mode: "directory" | "tar_archive";
    sourcePath: string;
    destination: string;

    /** Files, directories and links of the source. */
    entryCount: number;
    bytesWritten: number;

    /** Entries that were there already, and the same. */
    unchangedCount: number;

    /** What was left out, and why; the first of them. */
    skipped: { path: string; reason: string }[];

    /** How many were left out. */
    skippedCount: number;
  };

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** A file, directory or link of a workspace. */
export interface FileEntry {
  /** Absolute, in the guest. */
  path: string;
  artifactType: "file" | "directory" | "symlink" | "other";
  sizeBytes: number;
  linkTarget: string | null;

  /** Permissions, octal, such as `0644`. */
  mode: string;
}

/** Result of {@link Pyro.listWorkspaceFiles}. */
export interface FileList {
  workspaceId: string;
  path: string;
  recursive: boolean;
  entries: FileEntry[];

  /** There are more entries than are listed. */
  truncated: boolean;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.readWorkspaceFile}. */
export interface FileContent {
  workspaceId: string;

  /** Absolute, in the guest. */
  path: string;

  /** Of the whole file. */
  sizeBytes: number;
  offset: number;
  maxBytes: number;
  content: string;

  /** The file goes on after this piece. */
  truncated: boolean;

  /** Secrets were taken out of the content: it is not what the file holds. */
  redacted: boolean;

  /** Where the next piece begins; null at the end. */
  nextOffset: number | null;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.writeWorkspaceFile}. */
export interface WrittenFile {
  workspaceId: string;

  /** Absolute, in the guest. */
  path: string;
  sizeBytes: number;
  bytesWritten: number;

  /** False: a file was replaced. */
  created: boolean;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.applyWorkspacePatch}. */
export interface PatchResult {
  workspaceId: string;
  changed: boolean;
  summary: { total: number; added: number; modified: number; deleted: number; renamed: number };
  entries: {
    /** Relative to /workspace. */
    path: string;
    status: "added" | "modified" | "deleted" | "renamed";

    /** Before a rename. */
    oldPath?: string | undefined;
  }[];

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.diffWorkspace}. */
export interface WorkspaceDiff {
  workspaceId: string;
  changed: boolean;
  summary: ChangeSummary;
  entries: ChangeEntry[];

  /** What Git ignores, counted per top directory. */
  ignored: { path: string; entryCount: number }[];

  /** In git's format; empty when nothing changed. */
  patch: string;

  /** Changes were left out of it for their size; ask for them with `path`. */
  patchTruncated: boolean;

  /** Secrets were taken out of the patch: it does not apply as it is. */
  patchRedacted: boolean;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.exportWorkspace}. */
export interface ExportResult {
  workspaceId: string;

  /** Absolute, in the guest. */
  workspacePath: string;
  outputPath: string;
  artifactType: "file" | "directory";

  /** Files, directories and links. */
  entryCount: number;
  bytesWritten: number;

  /** What was left out, and why; the first of them. */
  skipped: { path: string; reason: string }[];

  /** How many were left out. */
  skippedCount: number;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.listWorkspaceDisk}. */
export interface DiskFileList {
  workspaceId: string;
  path: string;
  recursive: boolean;
  entries: FileEntry[];

  /** There are more entries than are listed. */
  truncated: boolean;
}

/** Result of {@link Pyro.readWorkspaceDisk}. */
export interface DiskFileContent {
  workspaceId: string;

  /** Absolute, in the guest. */
  path: string;

  /** Of the whole file. */
  sizeBytes: number;
  offset: number;
  maxBytes: number;
  content: string;

  /** The file goes on after this piece. */
  truncated: boolean;

  /** Secrets were taken out of the content: it is not what the file holds. */
  redacted: boolean;

  /** Where the next piece begins; null at the end. */
  nextOffset: number | null;
}

/** Result of {@link Pyro.exportWorkspaceDisk}. */
export interface DiskExport {
  workspaceId: string;
  outputPath: string;
  diskFormat: "ext4";

  /** Of the image, holes included. */
  sizeBytes: number;

  /** What it takes on the host's disk: blocks of zeros are holes. */
  bytesWritten: number;
}

/** Result of {@link Pyro.resetWorkspace}. */
export interface ResetResult {
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
  workspaceReset: {
    snapshotName: string;
    kind: "baseline" | "named";
    destination: string;

    /** Of the seed; null for a named snapshot. */
    entryCount: number | null;
    bytesWritten: number;
  };
}

/** Result of {@link Pyro.createSnapshot}. */
export interface CreatedSnapshot {
  workspaceId: string;
  snapshot: Snapshot;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.listSnapshots}. */
export interface SnapshotList {
  workspaceId: string;
  count: number;
  snapshots: Snapshot[];
}

/** Result of {@link Pyro.exportSnapshot}. */
export interface ExportedSnapshot {
  workspaceId: string;
  snapshotName: string;

  /** The directory or the reference. */
  output: string;
  kind: "layout" | "registry";

  /** Of the image's manifest: the same for the same snapshot. */
  digest: string;

  /** Of a pushed image, HOST/NAME@DIGEST: an environment that never changes. */
  reference?: string | undefined;

  /** Digests; the last one holds the changes. */
  layers: string[];

  /** Of all layers as they are stored, bytes. */
  sizeBytes: number;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.deleteSnapshot}. */
export interface DeletedSnapshot {
  workspaceId: string;
  snapshotName: string;
  deleted: boolean;
}
