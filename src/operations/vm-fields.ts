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
  vm_id: z.string().describe("`vm_` and 12 characters"),
  environment: z.string(),
  environment_version: z.string(),
  vcpu_count: z.int().describe("Virtual CPUs"),
  mem_mib: z.int().describe("Memory, MiB"),
  ttl_seconds: z.int().describe("Time to live from the creation on, seconds"),
  created_at: z.number().describe("Unix time, seconds"),
  expires_at: z.number().describe("When it is removed by itself: Unix time, seconds"),
  state: z
    .enum(["created", "started", "stopped"])
    .describe("`created`: not started yet; `stopped`: its guest and files are gone"),
  network_enabled: z.boolean(),
  allow_host_compat: z.boolean().describe("Whether it may run on the host, without isolation"),
  guest_ip: z.string().nullable().describe("Null without a network"),
  execution_mode: z
    .enum(["pending", "guest", "host_compat"])
    .describe("`pending` until the guest has started"),
  engine: engineLabel.nullable().describe("What runs the guest; null until it has started"),
});
