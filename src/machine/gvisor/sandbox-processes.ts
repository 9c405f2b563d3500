// The processes of a sandbox, found by what they are called with.
//
// runsc records a sandbox only after it has started it: a runsc killed in between leaves processes that
// it does not know itself. Their command lines name our --root and the sandbox's id.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isMachineId } from "../../contract/ids.js";
import { findProcess, type ProcessIdentity } from "../../platform/process-identity.js";

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
  const found: SandboxProcess[] = [];
  const ownEnd = `/${rootDir.split("/").slice(-ROOT_PARTS).join("/")}`;
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const process = await identify(pid, ownEnd);
    if (process && (machineId === undefined || process.machineId === machineId)) found.push(process);
  }
  return found;
}

async function identify(pid: number, ownEnd: string): Promise<SandboxProcess | undefined> {
  const argv = await readArgv(pid);
  // runsc passes its flags on as `--root=DIR` or as two arguments.
  const isOurs = argv.some(
    (arg, index) => arg.endsWith(ownEnd) && (arg.startsWith("--root=") || argv[index - 1] === "--root"),
  );
  const machineId = argv.findLast(isMachineId);
  if (!isOurs || machineId === undefined) return undefined;
  const identity = await findProcess(pid);
  return identity && { ...identity, kind: kindOf(argv), machineId };
}

function kindOf(argv: readonly string[]): SandboxProcess["kind"] {
  const name = path.basename(argv[0] ?? "");
  if (name === "runsc-sandbox") return "sandbox";
  return name === "runsc-gofer" ? "gofer" : "other";
}

async function readArgv(pid: number): Promise<string[]> {
  const cmdline = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return cmdline.split("\0");
}
