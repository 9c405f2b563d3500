// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { CallOptions, OutputOptions, ProgressOptions } from "../call-options.js";

/** Options of {@link Pyro.startService}. */
export interface StartServiceOptions extends ProgressOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Name of the service, unique in its workspace. */
  serviceName: string;

  /** One string, run by the guest's shell; or the argument vector, executed as it is. */
  command: string | readonly string[];

  /**
   * Directory of the guest to run it in, absolute or relative to /workspace.
   *
   * @defaultValue `"/workspace"`
   */
  cwd?: string | undefined;

  /** Ready when this file is there; relative to `cwd`. */
  readyFile?: string | undefined;

  /** Ready when it listens on this port of the guest: `8000`, or `127.0.0.1:8000`. */
  readyTcp?: number | string | undefined;

  /** Ready when a GET in the guest answers 2xx or 3xx: `http://127.0.0.1:8000/health`. */
  readyHttp?: string | undefined;

  /** Ready when this command exits with 0 in the guest. */
  readyCommand?: string | readonly string[] | undefined;

  /**
   * Seconds until a service that is not ready has failed, 1 to 86400.
   *
   * @defaultValue `30`
   */
  readyTimeoutSeconds?: number | undefined;

  /**
   * Milliseconds between two looks whether it is ready, 10 to 60000.
   *
   * @defaultValue `500`
   */
  readyIntervalMs?: number | undefined;

  /**
   * Secrets for its environment: name of the secret, then of the variable.
   *
   * @defaultValue `{}`
   */
  secretEnv?: Record<string, string> | undefined;

  /**
   * Ports to reach on 127.0.0.1 of the host; needs network_policy `egress+published-ports`.
   *
   * @defaultValue `[]`
   */
  publishedPorts?:
    | readonly {
        /** Port that the service listens on, in the guest. */
        guestPort: number;

        /** Port of the host; without it a free one. */
        hostPort?: number | undefined;
      }[]
    | undefined;
}

/** Options of calls that are about one service. */
export interface ServiceIdOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Name of the service, unique in its workspace. */
  serviceName: string;
}

/** Options of {@link Pyro.listServices}. */
export interface ListServicesOptions extends CallOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;
}

/** Options of {@link Pyro.logsService}. */
export interface LogsServiceOptions extends OutputOptions {
  /** Id `ws_…` of the workspace, or its name. */
  workspaceId: string;

  /** Name of the service, unique in its workspace. */
  serviceName: string;

  /**
   * Lines of each stream, 1 to 100000.
   *
   * @defaultValue `200`
   */
  tailLines?: number | undefined;

  /**
   * Everything that is kept, instead of the last lines.
   *
   * @defaultValue `false`
   */
  all?: boolean | undefined;

  /**
   * Go on with what it writes until it ends: as events, not as part of the result.
   *
   * @defaultValue `false`
   */
  follow?: boolean | undefined;
}
