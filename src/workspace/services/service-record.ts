// What is known of one service of a workspace, and how the guest's word changes it. Pure.

import { z } from "zod";
import { STOP_REASONS, type StopReason } from "../../contract/service-ends.js";
import type { GuestService } from "../../guest/services.js";

export const ServiceRecordSchema = z.object({
  name: z.string(),
  /** As a shell would read it. */
  command: z.string(),
  cwd: z.string(),
  readiness: z.object({
    type: z.enum(["none", "file", "tcp", "http", "command"]),
    /** Path, port, URL or command. */
    target: z.string().nullable(),
    timeoutSeconds: z.number(),
    intervalMs: z.number(),
  }),
  ports: z.array(z.object({ guestPort: z.number(), hostPort: z.number() })),
  /** The agent's number for it, while its guest lives. */
  run: z.number(),
  state: z.enum(["running", "exited", "stopped", "failed"]),
  pid: z.number().optional(),
  exitCode: z.number().optional(),
  /** Unix seconds, as all times here. */
  startedAt: z.number(),
  readyAt: z.number().optional(),
  endedAt: z.number().optional(),
  stopReason: z.enum(STOP_REASONS).optional(),
  /** What went wrong, in words. */
  problem: z.string().optional(),
  /** Its log has been taken out of the guest. */
  keptLog: z.object({ stdoutTruncated: z.boolean(), stderrTruncated: z.boolean() }).optional(),
});

export type ServiceRecord = z.infer<typeof ServiceRecordSchema>;

type Ending = Pick<ServiceRecord, "state" | "stopReason">;

const ENDINGS: Readonly<Record<GuestService["phase"], Ending | undefined>> = {
  getting_ready: undefined,
  ready: undefined,
  exited: { state: "exited", stopReason: "exited" },
  stopped: { state: "stopped", stopReason: "explicit_stop" },
  exited_early: { state: "failed", stopReason: "exited_before_ready" },
  not_ready: { state: "failed", stopReason: "readiness_timeout" },
  not_started: { state: "failed", stopReason: "could_not_start" },
};

/** A service that has ended stays ended; `reason` is why we have asked for its end. Times of the guest's are bounded by ours. */
export function applyState(
  record: ServiceRecord,
  service: GuestService,
  { now, reason }: { readonly now: number; readonly reason: StopReason | undefined },
): ServiceRecord {
  if (service.run !== record.run || record.state !== "running") return record;
  const { pid: _pid, ...rest } = record;
  const at = (time: number) => Math.min(now, Math.max(record.startedAt, time));
  const readyAt = record.readyAt ?? (service.readyAt === undefined ? undefined : at(service.readyAt));
  const known = { ...rest, ...(readyAt !== undefined && { readyAt }) };
  const ending = ENDINGS[service.phase];
  if (!ending) return { ...known, ...(service.pid !== undefined && { pid: service.pid }) };
  const { exitCode, failure } = service;
  return {
    ...known,
    ...ending,
    ...(ending.state === "stopped" && reason !== undefined && { stopReason: reason }),
    endedAt: at(service.endedAt ?? now),
    ...(exitCode !== undefined && { exitCode }),
    ...(failure !== "" && { problem: failure }),
  };
}

/** Of a service whose guest is gone. */
export function endWithGuest(record: ServiceRecord, reason: StopReason, problem: string): ServiceRecord {
  if (record.state !== "running") return record;
  const { pid: _pid, ...rest } = record;
  return { ...rest, state: "stopped", stopReason: reason, endedAt: Date.now() / 1000, problem };
}
