// What is known about a one-shot guest, from its creation to its removal.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { formatVmId, isMachineId, isVmId, type MachineId, type VmId } from "../contract/ids.js";

const ID_BYTES = 12;

export const VmRecordSchema = z.object({
  vmId: z.custom<VmId>((value) => typeof value === "string" && isVmId(value)),
  environment: z.string(),
  environmentVersion: z.string(),
  rootfsDir: z.string(),
  vcpuCount: z.number(),
  memMib: z.number(),
  ttlSeconds: z.number(),
  /** Unix seconds. */
  createdAt: z.number(),
  state: z.enum(["created", "started", "stopped"]),
  allowHostCompat: z.boolean(),
  /** Whether it reaches what is not forbidden to every guest. */
  network: z.boolean().default(false),
  /** The guest of a started one. */
  machine: z
    .object({
      id: z.custom<MachineId>((value) => typeof value === "string" && isMachineId(value)),
      engine: z.object({ name: z.string(), platform: z.string(), securityBoundary: z.boolean() }),
    })
    .optional(),
});

export type VmRecord = z.infer<typeof VmRecordSchema>;
export type VmState = VmRecord["state"];

export function newVmId(): VmId {
  return formatVmId(randomBytes(ID_BYTES));
}

/** Unix seconds. */
export function expiresAt(record: VmRecord): number {
  return record.createdAt + record.ttlSeconds;
}
