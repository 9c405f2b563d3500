// `vm_network_info`: show a guest's network.

import { z } from "zod";
import { defineOperation } from "./operation.js";
import { vmIdInput } from "./vm-fields.js";

export const vmNetworkInfo = defineOperation({
  id: "vm_network_info",
  summary: "Show a guest's network",
  description: "Shows whether a one-shot guest has a network, and its addresses when it has.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({ vm_id: vmIdInput }),
  output: z.object({
    vm_id: z.string(),
    network_enabled: z.boolean().describe("Whether the guest has a network"),
    outbound_connectivity_expected: z.boolean().describe("Whether it should reach the internet"),
    reason: z.string().nullable().describe("Why there is no network; null when there is one"),
    guest_ip: z.string().nullable(),
    gateway_ip: z.string().nullable(),
    subnet_cidr: z.string().nullable().describe("Such as `10.0.0.0/24`"),
    mac_address: z.string().nullable(),
    dns_servers: z.array(z.string()),
  }),
});
