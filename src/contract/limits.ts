// Limits and defaults of the contract (results.md, "Limits"), in one place.

export const VCPU_COUNT = { min: 1, max: 8, default: 1 } as const;
/** Guest memory, MiB. */
export const MEM_MIB = { min: 256, max: 32_768, default: 1024 } as const;
export const TIMEOUT_SECONDS = { min: 1, max: 86_400, default: 30 } as const;
export const TTL_SECONDS = { min: 60, max: 604_800, default: 600 } as const;

/** Writable disk of a guest, MiB. It gives the guest ENOSPC and a true `df`. */
export const DISK_MIB = 8192;

/** Bytes of each output stream that a result keeps: half from its start, half from its end. */
export const CAPTURE_BYTES = 1024 * 1024;

/** The environment used when none is named. */
export const DEFAULT_ENVIRONMENT = "debian:12";
