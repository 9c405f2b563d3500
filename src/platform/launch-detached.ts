// Starts a process that is nobody's descendant: some hosts signal the whole process tree of what they started.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { explainStartFailure } from "./program-missing.js";

export interface LaunchOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Starts `argv` in a session of its own, below init (setsid --fork is the second fork), and returns the first line
 * of its stdout; "" when it ended without one. Its stderr goes nowhere: it has a log of its own.
 */
export async function launchDetached(
  argv: readonly string[],
  { env, signal }: LaunchOptions,
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn("setsid", ["--fork", ...argv], {
    env: { ...env },
    cwd: "/",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const onAbort = () => child.stdout.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes("\n")) child.stdout.destroy();
  });
  try {
    // "spawn" rejects when there is no setsid; "close" alone would look like an end without a line.
    await Promise.all([once(child, "spawn"), once(child.stdout, "close")]);
    signal.throwIfAborted();
    return output.split("\n")[0] ?? "";
  } catch (error) {
    throw explainStartFailure(error, "setsid");
  } finally {
    signal.removeEventListener("abort", onAbort);
    child.unref();
  }
}
