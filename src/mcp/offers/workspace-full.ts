// `--profile workspace-full`: every tool there is.

import { OPERATION_IDS } from "../../operations/registry.js";
import { ABOUT_COMMANDS, ABOUT_RESULTS, NETWORK_BY_POLICY } from "./guidance.js";
import type { Offer } from "./offer.js";

/** What belongs to guests; the rest is for the one who looks after the host. */
const GUEST_TOOLS = /^(vm|workspace|snapshot|shell|service)_/;

export const WORKSPACE_FULL: Offer = {
  tools: OPERATION_IDS.filter((id) => GUEST_TOOLS.test(id)),
  instructions: `Disposable Linux guests with a kernel of their own. A workspace (workspace_*) holds a copy of a project in /workspace and stays over many commands; a one-shot guest (vm_*) runs one command and is gone. The host changes by workspace_export only.

The usual loop: workspace_create, workspace_exec, workspace_patch_apply, workspace_exec again, workspace_diff, workspace_export, workspace_delete.
workspace_reset puts every file and package back to the seed, or to a snapshot that snapshot_create has made.
workspace_stop keeps files and packages and frees the memory; workspace_start goes on.

${ABOUT_COMMANDS}
${NETWORK_BY_POLICY}
${ABOUT_RESULTS}`,
};
