// Effects that several operations have.

import type { Effect } from "./operation.js";

const IN_A_GUEST = { readOnly: false, destructive: false, idempotent: false, openWorld: false } as const;

/** Something runs in a workspace: it reaches what the workspace's network does. */
export const WORK_IN_WORKSPACE: Effect = { ...IN_A_GUEST, openWorldWith: ["network_policy"] };

/** The same in a one-shot guest. */
export const WORK_IN_VM: Effect = { ...IN_A_GUEST, openWorldWith: ["network"] };
