// Input and result fields that the operations on services share.

import { z } from "zod";
import { STOP_REASONS } from "../contract/service-ends.js";
import { executionMode } from "../contract/fields.js";
import { plainName, workspaceIdInput } from "./workspace-fields.js";

export const serviceNameInput = plainName.describe("Name of the service, unique in its workspace");

export const serviceIdOnly = z.strictObject({
  workspace_id: workspaceIdInput,
  service_name: serviceNameInput,
});

export const portNumber = z.int().min(1).max(65_535);

/** One service, as lists hold it. */
export const serviceEntry = z.object({
  service_name: z.string(),
  state: z
    .enum(["running", "exited", "stopped", "failed"])
    .describe("`exited`: by itself; `stopped`: by somebody, or with its guest; `failed`: never got ready"),
  command: z.string(),
  cwd: z.string(),
  started_at: z.number().describe("Unix time, seconds"),
  ended_at: z.number().nullable(),
  exit_code: z.int().nullable().describe("Null while it runs, and when it had forked away"),
  pid: z.int().nullable().describe("In the guest; null once the process has ended or forked away"),
  readiness: z.object({
    type: z.enum(["none", "file", "tcp", "http", "command"]),
    target: z.string().nullable(),
    timeout_seconds: z.int(),
    interval_ms: z.int(),
  }),
  ready_at: z.number().nullable(),
  stop_reason: z.enum(STOP_REASONS).nullable().describe("Null while it runs"),
  problem: z.string().nullable().describe("What went wrong, in words"),
  published_ports: z
    .array(
      z.object({
        host: z.string().describe("`127.0.0.1`"),
        host_port: z.int(),
        guest_port: z.int(),
        protocol: z.string().describe("`tcp`"),
      }),
    )
    .describe("Open on the host while it runs"),
  execution_mode: executionMode,
});

export const serviceRecord = z.object({ workspace_id: z.string(), ...serviceEntry.shape });
