// A pull in a Node process of its own, so that it can be killed, run as another user, or race with ours.

import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { buildTestProgram } from "../../helpers/test-program.js";

export interface StoreProcessOptions {
  readonly cacheDir: string;
  readonly environment: string;
  /** Where its apt sources are; "fake" replaces the packages by one file. */
  readonly aptDir?: string;
  /** Put before the command, such as `setpriv --reuid …`. */
  readonly prefix?: readonly string[];
}

export type StoreEvent = Readonly<Record<string, unknown>>;

/** Starts a pull; it is killed with the test. Its events are on `lines`. */
export async function startPull(options: StoreProcessOptions) {
  const { cacheDir, environment, aptDir = "", prefix = [] } = options;
  const built = await buildTestProgram("helpers/pull-program.ts");
  onTestFinished(() => built[Symbol.asyncDispose]());
  const [program, ...args] = [...prefix, process.execPath, built.file, cacheDir, environment, aptDir];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, lines: readEvents(child) };
}

/** Runs a pull to its end and returns all that it told. */
export async function runPull(options: StoreProcessOptions): Promise<StoreEvent[]> {
  const { lines } = await startPull(options);
  const events: StoreEvent[] = [];
  for await (const event of lines) events.push(event);
  return events;
}

async function* readEvents(child: ChildProcess): AsyncGenerator<StoreEvent> {
  if (!child.stdout) throw new Error("stdout is no pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = JSON.parse(line);
    yield Object(event);
  }
}
