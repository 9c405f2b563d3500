// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { CallOptions, CommandOptions, ProgressOptions } from "../call-options.js";

/** Options of {@link Pyro.createWorkspace}. */
export interface CreateWorkspaceOptions extends ProgressOptions {
  /**
   * Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY.
   *
   * @defaultValue `"debian:12"`
   */
  environment?: string | undefined;

  /** Directory, .tar, .tar.gz or .tgz on the host to begin with; without it /workspace is empty. */
  seedPath?: string | undefined;

  /** Unique name; wherever an id goes, it goes too. */
  name?: string | undefined;

  /**
   * Labels, key and value, to tell workspaces apart.
   *
   * @defaultValue `{}`
   */
  labels?: Record<string, string> | undefined;

  /**
   * Virtual CPUs, 1 to 8.
   *
   * @defaultValue `1`
   */
  vcpuCount?: number | undefined;

  /**
   * Memory of the guest in MiB, 256 to 32768.
   *
   * @defaultValue `1024`
   */
  memMib?: number | undefined;

  /**
   * Seconds from the last activity to the stop, 60 to 604800.
   *
   * @defaultValue `14400`
   */
  ttlSeconds?: number | undefined;

  /**
   * `off`: nothing; `egress`: the internet, not this host; `egress+published-ports`: services' ports, too.
   *
   * @defaultValue `"off"`
   */
  networkPolicy?: "off" | "egress" | "egress+published-ports" | undefined;

  /**
   * Kept in memory: /run/pyro-secrets, secret_env. Redacted from 6 bytes on.
   *
   * @defaultValue `[]`
   */
  secrets?:
    | readonly {
        /** File name in /run/pyro-secrets. */
        name: string;

        /** The value itself. */
        value?: string | undefined;

        /** File on the host with the value, every byte of it; in place of `value`. */
        filePath?: string | undefined;
      }[]
    | undefined;

  /**
   * When no guest can start, run in a directory on the host, without isolation.
   *
   * @defaultValue `false`
   */
  allowHostCompat?: boolean | undefined;
}

/** Options of calls that are about one workspace. */
export interface WorkspaceIdOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;
}

/** Options of {@link Pyro.updateWorkspace}. */
export interface UpdateWorkspaceOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** New unique name. */
  name?: string | undefined;

  /**
   * Take the name away.
   *
   * @defaultValue `false`
   */
  clearName?: boolean | undefined;

  /**
   * Labels to set, key and value.
   *
   * @defaultValue `{}`
   */
  labels?: Record<string, string> | undefined;

  /**
   * Keys of labels to remove.
   *
   * @defaultValue `[]`
   */
  clearLabels?: readonly string[] | undefined;
}

/** Options of {@link Pyro.execWorkspace}. */
export interface ExecWorkspaceOptions extends CommandOptions, ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** One string, run by the guest's shell; or the argument vector, executed as it is. */
  command: string | readonly string[];

  /**
   * Seconds until the command is killed, 1 to 86400.
   *
   * @defaultValue `30`
   */
  timeoutSeconds?: number | undefined;

  /**
   * Directory of the guest to run it in, absolute or relative to /workspace.
   *
   * @defaultValue `"/workspace"`
   */
  cwd?: string | undefined;

  /**
   * Secrets for its environment: name of the secret, then of the variable.
   *
   * @defaultValue `{}`
   */
  secretEnv?: Record<string, string> | undefined;
}

/** Options of {@link Pyro.logsWorkspace}. */
export interface LogsWorkspaceOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Only the command with this number. */
  sequence?: number | undefined;

  /** Only this stream of it. */
  stream?: "stdout" | "stderr" | undefined;

  /**
   * Where to begin in each stream, bytes.
   *
   * @defaultValue `0`
   */
  offset?: number | undefined;

  /**
   * Bytes of each stream, 1 to 1048576.
   *
   * @defaultValue `65536`
   */
  maxBytes?: number | undefined;

  /** Only this many of the latest commands. */
  limit?: number | undefined;
}

/** Options of {@link Pyro.networkLogWorkspace}. */
export interface NetworkLogWorkspaceOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Only connections that ended so. */
  verdict?: "allowed" | "refused" | "failed" | undefined;

  /** Where to begin, from the oldest; without it the latest are shown. */
  offset?: number | undefined;

  /**
   * Connections, 1 to 1000.
   *
   * @defaultValue `100`
   */
  limit?: number | undefined;
}

/** Options of {@link Pyro.pushWorkspaceSync}. */
export interface PushWorkspaceSyncOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Directory, .tar, .tar.gz or .tgz on the host. */
  sourcePath: string;

  /**
   * Directory below /workspace; it is made when missing.
   *
   * @defaultValue `"/workspace"`
   */
  dest?: string | undefined;
}

/** Options of {@link Pyro.listWorkspaceFiles}. */
export interface ListWorkspaceFilesOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /**
   * Below /workspace, or relative to it.
   *
   * @defaultValue `"/workspace"`
   */
  path?: string | undefined;

  /**
   * Everything below it too.
   *
   * @defaultValue `false`
   */
  recursive?: boolean | undefined;
}

/** Options of {@link Pyro.readWorkspaceFile}. */
export interface ReadWorkspaceFileOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** File below /workspace, or relative to it. */
  path: string;

  /**
   * Bytes to read at most, 1 to 1048576.
   *
   * @defaultValue `65536`
   */
  maxBytes?: number | undefined;

  /**
   * Where to begin, bytes.
   *
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** Options of {@link Pyro.writeWorkspaceFile}. */
export interface WriteWorkspaceFileOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** File below /workspace, or relative to it. */
  path: string;

  /** The whole content. */
  text: string;
}

/** Options of {@link Pyro.applyWorkspacePatch}. */
export interface ApplyWorkspacePatchOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** The patch; its paths are relative to /workspace. */
  patch: string;
}

/** Options of {@link Pyro.diffWorkspace}. */
export interface DiffWorkspaceOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /**
   * Return the text patch.
   *
   * @defaultValue `true`
   */
  includePatch?: boolean | undefined;

  /** Only this file or directory. */
  path?: string | undefined;

  /**
   * Compare what Git ignores, too.
   *
   * @defaultValue `false`
   */
  includeIgnored?: boolean | undefined;

  /**
   * Put binary files into the patch, too.
   *
   * @defaultValue `false`
   */
  includeBinary?: boolean | undefined;
}

/** Options of {@link Pyro.exportWorkspace}. */
export interface ExportWorkspaceOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** File or directory below /workspace, or relative to it. */
  path: string;

  /** Where it goes on the host; its parent directory must exist. */
  outputPath: string;

  /**
   * Replace what is at the output path.
   *
   * @defaultValue `false`
   */
  force?: boolean | undefined;
}

/** Options of {@link Pyro.listWorkspaceDisk}. */
export interface ListWorkspaceDiskOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /**
   * Absolute in the guest, or relative to /workspace.
   *
   * @defaultValue `"/workspace"`
   */
  path?: string | undefined;

  /**
   * List everything below it.
   *
   * @defaultValue `false`
   */
  recursive?: boolean | undefined;
}

/** Options of {@link Pyro.readWorkspaceDisk}. */
export interface ReadWorkspaceDiskOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Absolute in the guest, or relative to /workspace. */
  path: string;

  /**
   * Bytes to read at most, 1 to 1048576.
   *
   * @defaultValue `65536`
   */
  maxBytes?: number | undefined;

  /**
   * Where to begin, bytes.
   *
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** Options of {@link Pyro.exportWorkspaceDisk}. */
export interface ExportWorkspaceDiskOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Where the image goes on the host; its parent directory must exist. */
  outputPath: string;
}

/** Options of {@link Pyro.resetWorkspace}. */
export interface ResetWorkspaceOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /**
   * Name of a snapshot; `baseline` is the seed as it was at create.
   *
   * @defaultValue `"baseline"`
   */
  snapshot?: string | undefined;
}

/** Options of {@link Pyro.createSnapshot}. */
export interface CreateSnapshotOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** A new name; `baseline` is taken. */
  snapshotName: string;
}

/** Options of {@link Pyro.exportSnapshot}. */
export interface ExportSnapshotOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** A snapshot, or `baseline`. */
  snapshotName: string;

  /** A new directory, best begun with `./` or `/`, whose parent exists; or HOST/NAME:TAG, which is pushed. */
  output: string;
}

/** Options of {@link Pyro.deleteSnapshot}. */
export interface DeleteSnapshotOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Name of the snapshot. */
  snapshotName: string;
}
