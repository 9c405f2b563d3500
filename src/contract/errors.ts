// The closed catalogue of failures and the one error type that carries them.
// Every surface maps these codes; nothing else reaches a user.

interface CatalogueEntry {
  /** Exit status of the CLI. `run` and `exec` use 125 instead. */
  readonly exitStatus: number;
  /** True when the same call can succeed later without a change by the user. */
  readonly retryable: boolean;
  /** The next step when the thrower knows no better one. */
  readonly hint: string;
}

export const ERROR_CATALOGUE = {
  internal: { exitStatus: 1, retryable: false, hint: "See `pyro daemon logs`; set PYRO_LOG=debug for more." },
  guest_died: { exitStatus: 1, retryable: true, hint: "Run the command again; it gets a fresh guest." },
  guest_out_of_memory: {
    exitStatus: 1,
    retryable: false,
    hint: "Give the guest more memory with --mem-mib.",
  },
  environment_damaged: { exitStatus: 1, retryable: false, hint: "Repair it with `pyro env pull ENV`." },
  cancelled: { exitStatus: 130, retryable: true, hint: "The call was cancelled; nothing of it is left." },
  invalid_input: { exitStatus: 2, retryable: false, hint: "See --help for the arguments and their ranges." },
  environment_not_found: { exitStatus: 3, retryable: false, hint: "See `pyro env list`." },
  vm_not_found: {
    exitStatus: 3,
    retryable: false,
    hint: "It may have expired or been deleted; create a new one.",
  },
  workspace_not_found: { exitStatus: 3, retryable: false, hint: "See `pyro workspace list`." },
  workspace_damaged: {
    exitStatus: 1,
    retryable: false,
    hint: "Its record cannot be read; `pyro workspace delete ID` removes it.",
  },
  service_not_found: { exitStatus: 3, retryable: false, hint: "See `pyro workspace service list ID`." },
  snapshot_not_found: { exitStatus: 3, retryable: false, hint: "See `pyro workspace snapshot list ID`." },
  shell_not_found: {
    exitStatus: 3,
    retryable: false,
    hint: "Open one with `pyro workspace shell open ID`.",
  },
  /** A file or directory of the guest, an entry of the journal, a file of the user's. */
  path_not_found: {
    exitStatus: 3,
    retryable: false,
    hint: "List what is there with `pyro workspace file list ID`.",
  },
  path_outside_workspace: {
    exitStatus: 2,
    retryable: false,
    hint: "Give a path below /workspace, or relative to it.",
  },
  not_text: {
    exitStatus: 2,
    retryable: false,
    hint: "Get it out with `pyro workspace export ID PATH --output FILE`.",
  },
  patch_rejected: {
    exitStatus: 4,
    retryable: false,
    hint: "Nothing was changed; read the file as it is now, and make the patch anew.",
  },
  seed_unusable: { exitStatus: 2, retryable: false, hint: "Give a directory, .tar, .tar.gz or .tgz." },
  layer_damaged: {
    exitStatus: 1,
    retryable: false,
    hint: "Reset to another snapshot, or delete this one.",
  },
  export_refused: { exitStatus: 4, retryable: false, hint: "Give another output path, or --force." },
  conflict: { exitStatus: 4, retryable: true, hint: "Wait for the other operation to end, then try again." },
  daemon_busy: {
    exitStatus: 4,
    retryable: true,
    hint: "Stop it with `pyro daemon stop` when its guests are done.",
  },
  environment_in_use: { exitStatus: 4, retryable: true, hint: "Try again when no guest uses it." },
  engine_unavailable: { exitStatus: 5, retryable: false, hint: "Run `pyro doctor` to see what is missing." },
  daemon_unavailable: { exitStatus: 5, retryable: true, hint: "See `pyro daemon logs`." },
  host_unavailable: { exitStatus: 5, retryable: true, hint: "See `pyro host doctor`." },
  program_missing: {
    exitStatus: 5,
    retryable: false,
    hint: "Install the program that the message names.",
  },
  model_unavailable: { exitStatus: 5, retryable: true, hint: "Start the endpoint, or name another one." },
  model_not_found: { exitStatus: 3, retryable: false, hint: "Name a model that the endpoint has." },
  image_not_found: {
    exitStatus: 3,
    retryable: false,
    hint: "Check the image's name and tag; a private image also looks like this without a login.",
  },
  platform_missing: {
    exitStatus: 3,
    retryable: false,
    hint: "Take a tag of the image that is built for linux/amd64.",
  },
  image_invalid: {
    exitStatus: 1,
    retryable: false,
    hint: "Pull it again; if that does not help, the image has to be pushed anew.",
  },
  image_hostile: {
    exitStatus: 1,
    retryable: false,
    hint: "Do not use this image; nothing of it was installed.",
  },
  registry_denied: {
    exitStatus: 5,
    retryable: false,
    hint: "Log in to the registry with `docker login HOST`, `skopeo login HOST` or `podman login HOST`.",
  },
  registry_unreachable: {
    exitStatus: 5,
    retryable: true,
    hint: "Check the registry's name and the network; a proxy is taken from HTTPS_PROXY.",
  },
  registry_busy: { exitStatus: 5, retryable: true, hint: "The registry limits requests; try again later." },
  registry_failed: { exitStatus: 5, retryable: true, hint: "The registry is at fault; try again later." },
  source_unavailable: { exitStatus: 5, retryable: true, hint: "Check the network and try again." },
  not_yet_available: { exitStatus: 5, retryable: false, hint: "This version does not have it yet." },
  network_unavailable: {
    exitStatus: 5,
    retryable: true,
    hint: "Run `pyro doctor`; without a network the guest starts.",
  },
  guest_start_failed: { exitStatus: 5, retryable: true, hint: "Run `pyro doctor` to check the host." },
  storage_unavailable: {
    exitStatus: 5,
    retryable: false,
    hint: "Check the directory's owner and permissions.",
  },
  guest_start_timeout: { exitStatus: 6, retryable: true, hint: "The host may be overloaded; try again." },
  timeout: { exitStatus: 6, retryable: true, hint: "Try again with a longer timeout." },
  vm_limit_reached: { exitStatus: 7, retryable: true, hint: "Stop a guest, or raise PYRO_MAX_ACTIVE_VMS." },
  shell_limit_reached: {
    exitStatus: 7,
    retryable: false,
    hint: "Close shells that are not needed with `pyro workspace shell close ID SHELL`.",
  },
  out_of_disk: {
    exitStatus: 7,
    retryable: true,
    hint: "Free disk space; `pyro env prune` removes unused installs.",
  },
  out_of_memory: { exitStatus: 7, retryable: true, hint: "Stop a guest or ask for less memory." },
} as const satisfies Record<string, CatalogueEntry>;

/** What went wrong. The set is closed; docs/reference/errors.md says what each code means for a caller. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Facts about one failure, for programs, with keys in snake_case as `--json` prints them; values must survive JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface PyroErrorOptions {
  /** Without it the code's own hint. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The shape in which a failure crosses a process border. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: ErrorDetails;
}

/** The one error that a user of this package meets. What it was made of is its `cause`. */
export class PyroError extends Error {
  readonly code: ErrorCode;
  /** What to do next, as one line. */
  readonly hint: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: PyroErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PyroError";
    this.code = code;
    this.hint = options.hint ?? ERROR_CATALOGUE[code].hint;
    this.details = options.details ?? {};
  }

  /** Exit status of the `pyro` command that fails with it; `run` answers 125 for most of them. */
  get exitStatus(): number {
    return ERROR_CATALOGUE[this.code].exitStatus;
  }

  /** Whether the same call can succeed later without a change by the user. */
  get retryable(): boolean {
    return ERROR_CATALOGUE[this.code].retryable;
  }

  /** The error as plain data. */
  toReport(): ErrorReport {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }

  /** The error that `report` was made of, without its cause. */
  static fromReport(report: ErrorReport): PyroError {
    return new PyroError(report.code, report.message, { hint: report.hint, details: report.details });
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, text);
}

/** Turns anything thrown into a PyroError; what is unknown becomes `internal` with its cause kept. */
export function toPyroError(thrown: unknown): PyroError {
  if (thrown instanceof PyroError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new PyroError("cancelled", "the call was cancelled", { cause: thrown });
  }
  if (thrown instanceof Error && thrown.name === "TimeoutError") {
    return new PyroError("timeout", "the call took longer than it may", { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Any write may meet it, wherever it is: the message names the file.
  if (isSystemError(thrown, "ENOSPC", "EDQUOT"))
    return new PyroError("out_of_disk", message, { cause: thrown });
  return new PyroError("internal", message, { cause: thrown });
}

/** True when `thrown` is a system error with this errno name, such as "ENOENT". */
export function isSystemError(thrown: unknown, ...codes: string[]): boolean {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    typeof thrown.code === "string" &&
    codes.includes(thrown.code)
  );
}
