// `--mode repro-fix`: reproduce a failure, fix it, prove the fix; also several tries side by side.

import { ABOUT_COMMANDS, ABOUT_RESULTS, NO_NETWORK } from "./guidance.js";
import type { Offer } from "./offer.js";

export const REPRO_FIX: Offer = {
  tools: [
    "workspace_create",
    "workspace_list",
    "workspace_update",
    "workspace_status",
    "workspace_sync_push",
    "workspace_exec",
    "workspace_logs",
    "workspace_file_list",
    "workspace_file_read",
    "workspace_file_write",
    "workspace_patch_apply",
    "workspace_diff",
    "workspace_export",
    "workspace_reset",
    "workspace_summary",
    "workspace_delete",
  ],
  instructions: `Reproduce a failure in a disposable copy of the project, fix it there, prove the fix, and hand over a patch. The host changes by workspace_export only.

1. workspace_create, then workspace_exec with the failing command: see it fail before you change anything.
2. Read, then edit with workspace_patch_apply. Run the same command again until it passes.
3. Prove it: workspace_reset, apply only the final patch, run the command and the whole test suite.
4. workspace_diff is the patch to hand over; workspace_export takes files out. workspace_delete at the end.

Two ideas? One workspace for each, told apart by \`name\`; compare their results, keep the better one.

${ABOUT_COMMANDS}
${NO_NETWORK}
${ABOUT_RESULTS}`,
  descriptions: {
    workspace_create:
      "Creates an isolated Linux guest with a copy of the project in /workspace, as Git sees it, and returns when it is up. The project itself is never touched. Make one for each idea that you want to try.",
    workspace_exec:
      "Runs one command in a workspace: first the one that fails, to see it fail; after each edit the same one again. A non-zero exit is a result. Long output keeps head and tail: workspace_logs with `sequence`, `stream` and `offset` has the rest.",
    workspace_reset:
      "Puts every file and installed package back to the beginning, in a fresh guest and in a moment; logs are gone. Before the final proof, and whenever a try has led nowhere: it is cheaper than undoing edits.",
    workspace_diff:
      "Returns the fix as a patch that `git apply` takes: everything that differs from the project as it was at create, whatever was committed inside.",
  },
  withheld: {
    workspace_create: ["network_policy", "secrets"],
    workspace_exec: ["secret_env"],
    workspace_export: ["force"],
  },
};
