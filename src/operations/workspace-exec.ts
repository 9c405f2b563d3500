// `workspace exec`: one command in a workspace.

import { z } from "zod";
import { commandResult, inputFields } from "../contract/fields.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import { WORK_IN_WORKSPACE } from "./effects.js";
import { defineOperation } from "./operation.js";
import { secretEnvInput } from "./secret-fields.js";
import { guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

export const workspaceExec = defineOperation({
  id: "workspace_exec",
  summary: "Run a command in a workspace",
  description:
    "Runs one command in a workspace and returns its output and exit status; files and installed packages stay for the next one. " +
    "A stopped workspace is started. A non-zero exit is a result, not an error. A timeout kills the command and its children. " +
    "Long output keeps head and tail: workspace_logs with `sequence`, `stream` and `offset` has the rest.",
  effect: WORK_IN_WORKSPACE,
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    command: inputFields.command,
    timeout_seconds: inputFields.timeoutSeconds,
    cwd: guestPath
      .default(WORKSPACE_PATH)
      .describe("Directory of the guest to run it in, absolute or relative to /workspace"),
    secret_env: secretEnvInput.describe(
      "Secrets for its environment: name of the secret, then of the variable",
    ),
  }),
  output: z.object({
    workspace_id: z.string(),
    sequence: z.int().describe("Number of the command since the last reset, from 1"),
    environment: z.string(),
    environment_version: z.string(),
    cwd: z.string(),
    ...commandResult,
    stdout_bytes: z.number().describe("All that the command wrote, bytes"),
    stderr_bytes: z.number().describe("The same for stderr"),
    recovery: recovery.optional(),
  }),
  stdin: true,
  cli: {
    words: ["workspace", "exec"],
    positionals: ["workspace_id"],
    argvField: "command",
    bareKeys: ["secret_env"],
    guestStatus: true,
    examples: [
      "pyro workspace exec fix-parser -- git status --short",
      "pyro workspace exec fix-parser --timeout-seconds 600 -- sh -c 'make && make test'",
      "pyro workspace exec fix-parser --secret-env API_TOKEN --secret-env KEY=SSH_KEY -- ./deploy --dry-run",
      "pyro workspace exec fix-parser --cwd src -- python3 - < script.py",
    ],
  },
});
