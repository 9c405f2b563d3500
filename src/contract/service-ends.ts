// How services end.

export const STOP_REASONS = [
  "exited",
  "exited_before_ready",
  "readiness_timeout",
  "could_not_start",
  "explicit_stop",
  "cancelled",
  "workspace_stopped",
  "guest_died",
] as const;

export type StopReason = (typeof STOP_REASONS)[number];
