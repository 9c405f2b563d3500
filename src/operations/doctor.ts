// `doctor`: can this host run guests, and if not, what cures it.

import { z } from "zod";
import { inputFields } from "../contract/fields.js";
import { defineOperation } from "./operation.js";

const issue = z.object({ code: z.string(), message: z.string(), hint: z.string().describe("What cures it") });

export const doctor = defineOperation({
  id: "doctor",
  summary: "Check whether this host can run guests",
  description:
    "Checks the host item by item: the engine by starting a real guest, KVM, how memory is limited, user namespaces, cache and disk space. " +
    "Every failed item names what cures it.",
  effect: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  input: z.strictObject({
    environment: inputFields.environment
      .optional()
      .describe("Also tell whether this environment's daily loop is warm, cold or stale, and why"),
  }),
  output: z.object({
    platform: z.string().describe("The host's system, architecture and kernel"),
    runtime_ok: z.boolean().describe("Whether guests can start"),
    issues: z.array(issue).describe("What is wrong; empty when nothing is"),
    kvm: z.object({
      exists: z.boolean(),
      readable: z.boolean(),
      writable: z.boolean(),
      boots_guest: z.boolean().describe("Whether a guest really starts on it"),
    }),
    engine: z.object({
      name: z.string(),
      platform: z.string().nullable().describe("How the engine runs code; null when no guest can start"),
      version: z.string().nullable(),
      security_boundary: z.boolean().describe("Whether guests have a kernel of their own"),
      memory_limit: z.enum(["cgroup", "watchdog"]).describe("What holds a guest to its memory"),
    }),
    networking: z.object({
      tun_available: z
        .boolean()
        .describe("Whether guests get a network device; the host's own is not needed"),
      user_namespaces: z.boolean(),
      allowed_ranges: z
        .array(z.string())
        .describe("Private ranges that PYRO_NETWORK_ALLOW opens to guests with a network"),
    }),
    runtime: z.object({
      capabilities: z.object({
        supports_vm_boot: z.boolean(),
        supports_guest_exec: z.boolean(),
        supports_guest_network: z.boolean(),
        reason: z.string().nullable().describe("Why something is not supported"),
      }),
      catalog_version: z.string(),
      cache_dir: z.string().describe("Where environments are installed"),
      state_dir: z.string(),
      disk_free_bytes: z.number().describe("Free where guests write, bytes"),
      environments: z.array(z.object({ name: z.string(), installed: z.boolean() })),
      daemon: z.object({ running: z.boolean(), version: z.string(), pid: z.int() }),
    }),
    daily_loop: z
      .object({ environment: z.string(), state: z.enum(["warm", "cold", "stale"]), reason: z.string() })
      .optional()
      .describe("Whether the environment's next guest starts at once; with `environment` only"),
    project_source: z
      .object({
        kind: z.enum(["none", "path", "repository", "client"]),
        description: z.string(),
        problem: issue.nullable().describe("Why a workspace cannot start from it"),
      })
      .optional()
      .describe(
        "What an MCP server that is started here starts workspaces from; only the command line knows where that is",
      ),
  }),
  cli: {
    words: ["doctor"],
    examples: ["pyro doctor", "pyro doctor --environment debian:12", "pyro doctor --json"],
  },
});
