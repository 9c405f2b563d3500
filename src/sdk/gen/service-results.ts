// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { WorkspaceRecovery } from "./workspace-results.js";

/** A service in a list. */
export interface ServiceEntry {
  serviceName: string;

  /** `exited`: by itself; `stopped`: by somebody, or with its guest; `failed`: never got ready. */
  state: "running" | "exited" | "stopped" | "failed";
  command: string;
  cwd: string;

  /** Unix time, seconds. */
  startedAt: number;
  endedAt: number | null;

  /** Null while it runs, and when it had forked away. */
  exitCode: number | null;

  /** In the guest; null once the process has ended or forked away. */
  pid: number | null;
  readiness: {
    type: "none" | "file" | "tcp" | "http" | "command";
    target: string | null;
    timeoutSeconds: number;
    intervalMs: number;
  };
  readyAt: number | null;

  /** Null while it runs. */
  stopReason:
    | "exited"
    | "exited_before_ready"
    | "readiness_timeout"
    | "could_not_start"
    | "explicit_stop"
    | "cancelled"
    | "workspace_stopped"
    | "guest_died"
    | null;

  /** What went wrong, in words. */
  problem: string | null;

  /** Open on the host while it runs. */
  publishedPorts: {
    /** `127.0.0.1`. */
    host: string;
    hostPort: number;
    guestPort: number;

    /** `tcp`. */
    protocol: string;
  }[];

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
}

/** A service, as it was when the call was answered. */
export interface ServiceRecord {
  workspaceId: string;
  serviceName: string;

  /** `exited`: by itself; `stopped`: by somebody, or with its guest; `failed`: never got ready. */
  state: "running" | "exited" | "stopped" | "failed";
  command: string;
  cwd: string;

  /** Unix time, seconds. */
  startedAt: number;
  endedAt: number | null;

  /** Null while it runs, and when it had forked away. */
  exitCode: number | null;

  /** In the guest; null once the process has ended or forked away. */
  pid: number | null;
  readiness: {
    type: "none" | "file" | "tcp" | "http" | "command";
    target: string | null;
    timeoutSeconds: number;
    intervalMs: number;
  };
  readyAt: number | null;

  /** Null while it runs. */
  stopReason:
    | "exited"
    | "exited_before_ready"
    | "readiness_timeout"
    | "could_not_start"
    | "explicit_stop"
    | "cancelled"
    | "workspace_stopped"
    | "guest_died"
    | null;

  /** What went wrong, in words. */
  problem: string | null;

  /** Open on the host while it runs. */
  publishedPorts: {
    /** `127.0.0.1`. */
    host: string;
    hostPort: number;
    guestPort: number;

    /** `tcp`. */
    protocol: string;
  }[];

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";
}

/** Result of {@link Pyro.startService}. */
export interface StartedService {
  workspaceId: string;
  serviceName: string;

  /** `exited`: by itself; `stopped`: by somebody, or with its guest; `failed`: never got ready. */
  state: "running" | "exited" | "stopped" | "failed";
  command: string;
  cwd: string;

  /** Unix time, seconds. */
  startedAt: number;
  endedAt: number | null;

  /** Null while it runs, and when it had forked away. */
  exitCode: number | null;

  /** In the guest; null once the process has ended or forked away. */
  pid: number | null;
  readiness: {
    type: "none" | "file" | "tcp" | "http" | "command";
    target: string | null;
    timeoutSeconds: number;
    intervalMs: number;
  };
  readyAt: number | null;

  /** Null while it runs. */
  stopReason:
    | "exited"
    | "exited_before_ready"
    | "readiness_timeout"
    | "could_not_start"
    | "explicit_stop"
    | "cancelled"
    | "workspace_stopped"
    | "guest_died"
    | null;

  /** What went wrong, in words. */
  problem: string | null;

  /** Open on the host while it runs. */
  publishedPorts: {
    /** `127.0.0.1`. */
    host: string;
    hostPort: number;
    guestPort: number;

    /** `tcp`. */
    protocol: string;
  }[];

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** Of one that has failed: the end of what it wrote. */
  logTail?: { stdout: string; stderr: string } | undefined;

  /** The guest had died: the workspace was brought back to an earlier state. */
  recovery?: WorkspaceRecovery | undefined;
}

/** Result of {@link Pyro.listServices}. */
export interface ServiceList {
  workspaceId: string;
  count: number;
  runningCount: number;
  services: ServiceEntry[];
}

/** Result of {@link Pyro.logsService}. */
export interface ServiceLogs {
  workspaceId: string;
  serviceName: string;

  /** `exited`: by itself; `stopped`: by somebody, or with its guest; `failed`: never got ready. */
  state: "running" | "exited" | "stopped" | "failed";
  command: string;
  cwd: string;

  /** Unix time, seconds. */
  startedAt: number;
  endedAt: number | null;

  /** Null while it runs, and when it had forked away. */
  exitCode: number | null;

  /** In the guest; null once the process has ended or forked away. */
  pid: number | null;
  readiness: {
    type: "none" | "file" | "tcp" | "http" | "command";
    target: string | null;
    timeoutSeconds: number;
    intervalMs: number;
  };
  readyAt: number | null;

  /** Null while it runs. */
  stopReason:
    | "exited"
    | "exited_before_ready"
    | "readiness_timeout"
    | "could_not_start"
    | "explicit_stop"
    | "cancelled"
    | "workspace_stopped"
    | "guest_died"
    | null;

  /** What went wrong, in words. */
  problem: string | null;

  /** Open on the host while it runs. */
  publishedPorts: {
    /** `127.0.0.1`. */
    host: string;
    hostPort: number;
    guestPort: number;

    /** `tcp`. */
    protocol: string;
  }[];

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** What is not UTF-8 is replaced. */
  stdout: string;
  stderr: string;

  /** Null: everything that is kept. */
  tailLines: number | null;

  /** There was more before this, kept or not. */
  truncated: boolean;
}
