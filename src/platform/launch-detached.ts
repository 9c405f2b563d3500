// Starts a process that is nobody's descendant: some hosts signal the whole process tree of what they started.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { explainStartFailure } from "./program-missing.js";

export interface LaunchOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** All that it finds on stdin: what others may not read in its arguments or its environment. */
  readonly input?: string;
}

/**
 * Starts `argv` in a session of its own, below init (setsid --fork is the second fork), and returns the first line
 * of its stdout; "" when it ended without one. Its stderr goes nowhere: it has a log of its own.
 */
export async function launchDetached(
  argv: readonly string[],
  { env, signal, input = "" }: LaunchOptions,
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn("setsid", ["--fork", ...argv], {
    env: { ...env },
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
  });
  // One that ends without reading it says so by the line that is missing.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
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
