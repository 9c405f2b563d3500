// Limits and defaults of the contract, in one place.

export const VCPU_COUNT = { min: 1, max: 8, default: 1 } as const;
/** Guest memory, MiB. */
export const MEM_MIB = { min: 256, max: 32_768, default: 1024 } as const;
export const TIMEOUT_SECONDS = { min: 1, max: 86_400, default: 30 } as const;
export const TTL_SECONDS = { min: 60, max: 604_800, default: 600 } as const;

/** A workspace's time from its last activity to its stop, seconds. */
export const WORKSPACE_TTL_SECONDS = { min: 60, max: 604_800, default: 14_400 } as const;
/** A stopped workspace whose time is over is kept this much longer, seconds. */
export const EXPIRED_KEPT_SECONDS = 7 * 86_400;
/** Directory of the guest that holds a workspace's files. */
export const WORKSPACE_PATH = "/workspace";
export const NAME_MAX = 120;
/** Bytes of one file write or patch given as an argument. */
export const TEXT_ARGUMENT_MAX_BYTES = 1024 * 1024;
/** Bytes of one file write or patch read from a file of the user's. */
export const TEXT_FILE_MAX_BYTES = 64 * 1024 * 1024;
/** Bytes of one file read. */
export const READ_MAX_BYTES = { min: 1, max: 1024 * 1024, default: 65_536 } as const;
/** Until a service that is not ready has failed, and between two looks. */
export const READY_TIMEOUT_SECONDS = { min: 1, max: 86_400, default: 30 } as const;
export const READY_INTERVAL_MS = { min: 10, max: 60_000, default: 500 } as const;
/** Lines of a service's log. */
export const LOG_TAIL_LINES = { min: 1, max: 100_000, default: 200 } as const;
/** Label keys, names of snapshots and services. */
export const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Columns and rows of a shell's terminal. */
export const SHELL_COLS = { min: 1, max: 500, default: 120 } as const;
export const SHELL_ROWS = { min: 1, max: 200, default: 30 } as const;
/** Characters of a shell's output in one read. */
export const SHELL_READ_MAX_CHARS = { min: 1, max: 1024 * 1024, default: 65_536 } as const;
/** How long a read waits for a shell to fall silent, milliseconds. */
export const SHELL_IDLE_MS = { min: 1, max: 10_000 } as const;
/** Characters typed into a shell at once. */
export const SHELL_INPUT_MAX = 65_536;
/** Name of the snapshot that every workspace has: the seed as it was at create. */
export const BASELINE = "baseline";

export const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Bytes of one secret's value. */
export const SECRET_MAX_BYTES = 64 * 1024;
/** Bytes of all values of a workspace: searching for them costs its guest some hundred times as much memory. */
export const SECRETS_TOTAL_MAX_BYTES = 256 * 1024;
/** Secrets of one workspace. */
export const SECRETS_MAX = 32;
/** A shorter value is not redacted: it would be found in innocent text everywhere. */
export const REDACTED_MIN_BYTES = 6;
/** Directory of the guest with one file for each secret. */
export const SECRETS_PATH = "/run/pyro-secrets";

/** Writable disk of a guest, MiB. It gives the guest ENOSPC and a true `df`. */
export const DISK_MIB = 8192;

/** Bytes of each output stream that a result keeps: half from its start, half from its end. */
export const CAPTURE_BYTES = 1024 * 1024;

/** The environment used when none is named. */
export const DEFAULT_ENVIRONMENT = "debian:12";
