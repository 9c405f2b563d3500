// `workspace shell open`: an interactive shell that stays.

import { z } from "zod";
import { bounded } from "../contract/fields.js";
import { SHELL_COLS, SHELL_ROWS, WORKSPACE_PATH } from "../contract/limits.js";
import { WORK_IN_WORKSPACE } from "./effects.js";
import { defineOperation } from "./operation.js";
import { secretEnvInput } from "./secret-fields.js";
import { shellRecord } from "./shell-fields.js";
import { guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

export const shellOpen = defineOperation({
  id: "shell_open",
  summary: "Open an interactive shell in a workspace",
  description:
    "Opens an interactive shell on a terminal of its own in a workspace: for programs that ask questions or draw on the " +
    "screen, and for work that needs one shell's directory and variables. Type with shell_write, read with shell_read. " +
    "It lives until it exits, is closed, or the workspace is reset or stopped; up to 64 at once. " +
    "For one command that ends by itself take workspace_exec.",
  effect: WORK_IN_WORKSPACE,
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    cwd: guestPath
      .default(WORKSPACE_PATH)
      .describe("Directory of the guest to open it in, absolute or relative to /workspace"),
    cols: bounded(SHELL_COLS, "Columns of the terminal"),
    rows: bounded(SHELL_ROWS, "Rows of the terminal"),
    secret_env: secretEnvInput.describe(
      "Secrets for its environment: name of the secret, then of the variable",
    ),
  }),
  output: z.object({ ...shellRecord, recovery: recovery.optional() }),
  cli: {
    words: ["workspace", "shell", "open"],
    positionals: ["workspace_id"],
    bareKeys: ["secret_env"],
    only: { flag: "id-only", field: "shell_id", description: "Print nothing but the shell's id", line: true },
    examples: [
      "pyro workspace shell open fix-parser",
      "pyro workspace shell open fix-parser --cwd src --cols 200 --id-only",
    ],
  },
});
