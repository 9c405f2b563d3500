// Child processes of a test: killed with it, and read by their lines.

import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** Starts a program that ends with the test. Without `stdio` it reads from a pipe and its stdout is one. */
export function startChild(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
  child.stdin?.on("error", () => undefined);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Pid of a child that was started. */
export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} did not start`);
  return child.pid;
}

/** The next line of the child's stdout; what comes behind it in the same moment is lost. */
export async function readLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the child's stdout is no pipe");
  const reader = createInterface({ input: child.stdout });
  try {
    for await (const line of reader) return line;
    throw new Error(`${child.spawnfile} ended without a line`);
  } finally {
    reader.close();
  }
}
