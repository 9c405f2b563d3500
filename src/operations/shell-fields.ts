// Input and result fields that the operations on shells share.

import { z } from "zod";
import { executionMode } from "../contract/fields.js";
import { workspaceIdInput } from "./workspace-fields.js";

const SHELL_ID_MAX = 128;

const shellIdInput = z.string().min(1).max(SHELL_ID_MAX).describe("Id `sh_…` of the shell");

export const shellInput = { workspace_id: workspaceIdInput, shell_id: shellIdInput } as const;

/** What every answer about a shell begins with. */
export const shellRecord = {
  workspace_id: z.string(),
  shell_id: z.string(),
  cwd: z.string().describe("Where it was opened"),
  cols: z.int(),
  rows: z.int(),
  state: z.enum(["running", "stopped"]).describe("`stopped`: the shell has ended; its output can be read"),
  started_at: z.number().describe("Unix time, seconds"),
  ended_at: z.number().nullable().describe("Unix time, seconds; null while it runs"),
  exit_code: z.int().nullable().describe("As a shell reports it; null while it runs"),
  execution_mode: executionMode,
} as const;
