// `--mode review-eval`: review and evaluation, with checkpoints to go back to.

import { ABOUT_COMMANDS, ABOUT_RESULTS, NO_NETWORK } from "./guidance.js";
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
2. Try by hand what a user would: a REPL, a debugger, a program that asks or draws on the screen. shell_open, then shell_write and shell_read in turns, with \`plain\` and \`wait_for_idle_ms\`.
3. Run each check or experiment from the same state: workspace_reset with that snapshot takes a moment, undoes all that the last one did, and ends shells, too.
4. workspace_diff shows what differs from the project as it came in, whatever the snapshot; workspace_file_read shows it in place.
5. workspace_summary has the facts for the report; take artefacts out with workspace_export. workspace_delete at the end.

Judge by what you have seen run: name the command, its exit status and what it printed.

${ABOUT_COMMANDS}
${NO_NETWORK}
${ABOUT_RESULTS}`,
  descriptions: {
    workspace_create:
      "Creates an isolated Linux guest with a copy of the project under review in /workspace, as Git sees it, and returns when it is up. The project itself is never touched.",
    workspace_exec:
      "Runs one command and returns its output and exit status: a build, a check, a score. Long output keeps head and tail: workspace_logs with `sequence`, `stream` and `offset` has the rest.",
    snapshot_create:
      "Keeps the whole file system under a name, installed packages too: a checkpoint that workspace_reset goes back to. Make one when everything is prepared, and before anything that you may want to undo.",
    shell_open:
      "Opens an interactive shell on a terminal of its own, to try what a user would try by hand: a REPL, a debugger, a prompt, a full-screen program. Type with shell_write, look with shell_read. For a command that ends by itself take workspace_exec.",
    shell_read:
      "Reads what a shell has printed after `cursor`; the next read takes `next_cursor`. Set `plain`: text as on a screen, without escape sequences, and of a full-screen program that screen. Set `wait_for_idle_ms`, 300 to 1000, more for a slow program: it waits until nothing has been printed for so long. A silent program may still be at work: look for its prompt.",
    shell_write:
      "Types into a shell, to whatever program reads there, and presses Enter; shell_read shows what comes of it. For keys set `append_newline` to false: `\\u0003` is Ctrl-C, `\\u0004` Ctrl-D, `\\u001b` Escape, `\\u001b[A` arrow up.",
    shell_signal:
      "Signals what runs in the foreground of a shell: INT is Ctrl-C, KILL ends a program that takes no other.",
    shell_close: "Ends a shell with everything that was started in it. A reset ends all of them.",
    workspace_reset:
      "Goes back to a snapshot, or without `snapshot` to the project as it came in, in a fresh guest and in a moment. Running processes and logs are gone.",
  },
  withheld: {
    // One workspace at a time, which ends with the work: nothing has to be told apart or kept alive. Without a network
    // clients let it work when nobody is there to approve.
    workspace_create: ["network_policy", "secrets", "labels", "ttl_seconds"],
    workspace_exec: ["secret_env"],
    shell_open: ["secret_env"],
    workspace_export: ["force"],
  },
};
