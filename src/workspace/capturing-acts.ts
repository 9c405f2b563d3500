// Which acts need what of a workspace. Its states are few: `started`, `stopped`; whatever needs a guest starts one.

import { PyroError } from "../contract/errors.js";
import type { WorkspaceRecord } from "./workspace-record.js";

/** Acts that capture the file system. */
export type CapturingAct = "stop" | "snapshot";

/** Throws `conflict` where nothing can be captured, and says what to do. */
export function checkCapturing({ engine }: WorkspaceRecord, act: CapturingAct): void {
  if (engine.securityBoundary) return;
  throw new PyroError("conflict", `a workspace on the host itself cannot be captured: no ${act} for it`, {
    hint: "Export what is needed and delete the workspace, or use one with a guest.",
  });
}
