// Input and result fields of one-shot guests.

import { z } from "zod";
import { engineLabel, inputFields } from "../contract/fields.js";

export const vmIdInput = z.string().min(1).max(64).describe("Id of the guest, `vm_…`");

/** What a guest is made of. */
export const vmShapeInput = {
  environment: inputFields.environmentOrDefault,
  vcpu_count: inputFields.vcpuCount,
  mem_mib: inputFields.memMib,
  ttl_seconds: inputFields.ttlSeconds,
  network: inputFields.network,
  allow_host_compat: inputFields.allowHostCompat,
} as const;

export const vmRecord = z.object({
  vm_id: z.string(),
  environment: z.string(),
  environment_version: z.string(),
  vcpu_count: z.int(),
  mem_mib: z.int(),
  ttl_seconds: z.int(),
  created_at: z.number(),
  expires_at: z.number(),
  state: z.enum(["created", "started", "stopped"]),
  network_enabled: z.boolean(),
  allow_host_compat: z.boolean(),
  guest_ip: z.string().nullable(),
  execution_mode: z
    .enum(["pending", "guest", "host_compat"])
    .describe("`pending` until the guest has started"),
  engine: engineLabel.nullable().describe("What runs the guest; null until it has started"),
});
