// A look at the disk of a stopped workspace: by a guest of its own, which starts where the workspace would go on, and
// of which nothing stays. The workspace has its turn meanwhile, and its record stays as it is.

import { PyroError } from "../../contract/errors.js";
import type { GuestAgent } from "../../guest/agent.js";
import { startGuest, type StartParts } from "../start-guest.js";
import { WorkspaceSecrets } from "../secrets/workspace-secrets.js";
import type { Workspace } from "../workspace.js";

export async function visitDisk<Result>(
  parts: StartParts,
  workspace: Workspace,
  signal: AbortSignal,
  act: (agent: GuestAgent, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return workspace.inTurn(signal, async (both) => {
    const { record, secrets } = workspace;
    if (!record.engine.securityBoundary) {
      throw new PyroError("engine_unavailable", "a workspace on the host itself has no disk of its own");
    }
    if (record.state !== "stopped") {
      throw new PyroError("conflict", `the workspace ${record.id} is running: its disk changes`, {
        hint: `Stop it first: pyro workspace stop ${record.id}`,
      });
    }
    // What is on the disk may hold them: without them nothing could be redacted.
    secrets.check();
    const guest = await startGuest(parts, {
      record: { ...record, networkPolicy: "off" },
      from: record.resume.layer,
      what: "last state of the workspace",
      replaces: undefined,
      secrets: WorkspaceSecrets.NONE,
      signal: both,
    });
    try {
      return await act(guest.machine.agent, both);
    } finally {
      await parts.guests.remove(guest);
    }
  });
}
