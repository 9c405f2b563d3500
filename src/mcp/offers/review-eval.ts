// `--mode review-eval`: review and evaluation, with checkpoints to go back to.

import { ABOUT_COMMANDS, ABOUT_RESULTS, NETWORK_BY_POLICY } from "./guidance.js";
import type { Offer } from "./offer.js";

export const REVIEW_EVAL: Offer = {
  tools: [
    "workspace_create",
    "workspace_exec",
    "workspace_logs",
    "workspace_file_list",
    "workspace_file_read",
    "workspace_diff",
    "workspace_export",
    "workspace_reset",
    "snapshot_create",
    "snapshot_list",
    "snapshot_delete",
    "shell_open",
    "shell_read",
    "shell_write",
    "shell_signal",
    "shell_close",
    "workspace_summary",
    "workspace_delete",
  ],
  instructions: `Review or evaluate a change by running it, with checkpoints to go back to.

1. workspace_create, then prepare: install and build with workspace_exec. snapshot_create keeps that state ("prepared"), packages included.
2. Run each check or experiment from the same state: workspace_reset with that snapshot takes a moment and undoes all that the last one did.
3. workspace_diff shows what the code under review has changed against the project as it came in; workspace_file_read shows it in place.
4. Programs that ask questions or draw on the screen, a debugger, a REPL, an installer: shell_open, then shell_write and shell_read with plain and wait_for_idle_ms, in turns.
5. workspace_summary has the facts for the report; take artefacts out with workspace_export. workspace_delete at the end.

Judge by what you have seen run: name the command, its exit status and what it printed.

${ABOUT_COMMANDS}
${NETWORK_BY_POLICY}
${ABOUT_RESULTS}`,
  descriptions: {
    workspace_diff:
      "Compares /workspace with the project as it came in: changed entries, and a patch of the text files that `git apply` takes.",
    workspace_export:
      "Copies a file or directory of the workspace out to the host: a report, an artefact. Nothing on the host is replaced.",
    workspace_exec:
      "Runs one command and returns output, exit status and duration: a check or an experiment of the review. A timeout kills it with its children. Long output keeps head and tail: workspace_logs has the rest.",
    workspace_create:
      "Creates an isolated Linux guest with a copy of the project under review in /workspace, as Git sees it, and returns when it is up. The project itself is never touched.",
    snapshot_create:
      "Keeps the whole file system under a name, installed packages too: a checkpoint that workspace_reset goes back to. Make one when everything is prepared.",
    shell_open:
      "Opens an interactive shell on a terminal of its own, to try what a user would try by hand: a REPL, a debugger, a full-screen program. Type with shell_write, look with shell_read. A reset ends all shells.",
    workspace_reset:
      "Goes back to a snapshot, or without `snapshot` to the project as it came in, in a fresh guest and in a moment. Running processes and logs are gone.",
  },
  withheld: {
    workspace_create: ["secrets"],
    workspace_exec: ["secret_env"],
    shell_open: ["secret_env"],
    workspace_export: ["force"],
  },
};
