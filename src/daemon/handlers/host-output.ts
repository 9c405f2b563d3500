// What operations that write to the host have in common.

import { homedir } from "node:os";
import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import type { OnEvent } from "../../contract/events.js";
import type { Services } from "../services.js";

/** The daemon's working directory is not the caller's: its client makes paths absolute. */
export function requireAbsolute(field: string, given: string): void {
  if (path.isAbsolute(given)) return;
  throw new PyroError("invalid_input", `${field}: an absolute path is needed, not ${JSON.stringify(given)}`);
}

/** What an export never replaces, by force neither: the user's home, and what this product itself stands on. */
export function protectedPathsOf({ settings }: Services): readonly string[] {
  const { stateDir, cacheDir, environmentCacheDir, runtimeDir } = settings;
  return [homedir(), stateDir, cacheDir, environmentCacheDir, runtimeDir];
}

/** Tells how far it is, as a bar that moves. */
export function tellBytes(onEvent: OnEvent, tag: string, workspaceId: string): (bytes: number) => void {
  return (current) => {
    void onEvent({
      type: "progress",
      tag,
      fields: { workspace_id: workspaceId },
      done: { current, total: undefined, unit: "bytes" },
    });
  };
}
