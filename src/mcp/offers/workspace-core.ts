// `--profile workspace-core`, the default: what a coding agent needs to try things and to try again.

import { ABOUT_COMMANDS, ABOUT_RESULTS, NO_NETWORK } from "./guidance.js";
import type { Offer } from "./offer.js";

export const WORKSPACE_CORE: Offer = {
  tools: [
    "vm_run",
    "workspace_create",
    "workspace_list",
    "workspace_update",
    "workspace_status",
    "workspace_sync_push",
    "workspace_exec",
    "workspace_logs",
    "workspace_summary",
    "workspace_file_list",
    "workspace_file_read",
    "workspace_file_write",
    "workspace_patch_apply",
    "workspace_diff",
    "workspace_export",
    "workspace_reset",
    "workspace_delete",
  ],
  instructions: `Disposable Linux workspaces: each is an isolated guest with a kernel of its own and a copy of a project in /workspace. Explore, edit, install and run there without asking: the host changes by workspace_export only.

The usual loop: workspace_create, workspace_exec, workspace_patch_apply (or workspace_file_write), workspace_exec again, workspace_diff, workspace_export, workspace_delete.
Went wrong, or want another try? workspace_reset puts every file and package back in a moment. For several tries side by side create several workspaces.

${ABOUT_COMMANDS}
${NO_NETWORK}
${ABOUT_RESULTS}
- To bring changes home, apply the patch of workspace_diff to the project, or take files out with workspace_export.`,
  withheld: {
    // A tool that reaches into the world is refused by clients when nobody is there to approve.
    vm_run: ["network"],
    workspace_create: ["network_policy", "secrets"],
    workspace_exec: ["secret_env"],
    // Without it an export destroys nothing: a client needs nobody's approval for it.
    workspace_export: ["force"],
  },
};
