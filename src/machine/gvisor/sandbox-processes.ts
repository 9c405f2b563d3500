// The processes of a sandbox, found by what they are called with.
//
// runsc records a sandbox only after it has started it: a runsc killed in between leaves processes that
// it does not know itself. Their command lines name our --root and the sandbox's id.

import path from "node:path";
import { isMachineId } from "../../contract/ids.js";
import { findProcesses } from "../../platform/find-processes.js";
import type { ProcessIdentity } from "../../platform/process-identity.js";

/** `<hash of the state's path>/s/runsc`: see settings.ts and state-paths.ts. */
const ROOT_PARTS = 3;

export interface SandboxProcess extends ProcessIdentity {
  readonly kind: "sandbox" | "gofer" | "other";
  readonly machineId: string;
}

/**
 * All live processes of the sandboxes below `rootDir` (runsc's --root); of one, with `machineId`. A former daemon
 * may have had another runtime directory: what names the state are the last parts of the path.
 */
export async function findSandboxProcesses(rootDir: string, machineId?: string): Promise<SandboxProcess[]> {
  const ownEnd = `/${rootDir.split("/").slice(-ROOT_PARTS).join("/")}`;
  const processes = await findProcesses((argv) => isBelow(ownEnd, argv));
  return processes.flatMap(({ pid, startTime, argv }) => {
    const id = argv.findLast(isMachineId);
    if (id === undefined || (machineId !== undefined && id !== machineId)) return [];
    return [{ pid, startTime, kind: kindOf(argv), machineId: id }];
  });
}

// runsc passes its flags on as `--root=DIR` or as two arguments.
function isBelow(ownEnd: string, argv: readonly string[]): boolean {
  return argv.some(
    (arg, index) => arg.endsWith(ownEnd) && (arg.startsWith("--root=") || argv[index - 1] === "--root"),
  );
}

function kindOf(argv: readonly string[]): SandboxProcess["kind"] {
  const name = path.basename(argv[0] ?? "");
  if (name === "runsc-sandbox") return "sandbox";
  return name === "runsc-gofer" ? "gofer" : "other";
}
