// A `pyro run` in the middle of its command, and the host processes of its guest.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { findSandboxProcesses, type SandboxProcess } from "../../src/machine/gvisor/sandbox-processes.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import type { CliOptions, TestPyro } from "./test-pyro.js";

export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves when the CLI has ended. */
  readonly ended: Promise<RunEnd>;
}

export interface RunEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions extends CliOptions {
  /** Flags of `pyro run`. */
  readonly flags?: readonly string[];
  readonly script?: string;
}

/** Follows a CLI that was started; `seen` resolves when its stdout or stderr has shown `text`. */
export function follow(child: ChildProcess): {
  ended: Promise<RunEnd>;
  seen: (text: string) => Promise<void>;
} {
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const watch of watchers) watch();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const watch of watchers) watch();
  });
  const ended = once(child, "close").then(() => ({ status: child.exitCode, stdout, stderr }));
  const seen = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (stdout.includes(text) || stderr.includes(text)) resolve();
      };
      watchers.add(watch);
      watch();
      void ended.then((end) => {
        reject(
          new Error(`ended with ${end.status ?? "a signal"} before "${text}": ${end.stdout}${end.stderr}`),
        );
      });
    });
  return { ended, seen };
}

/** Starts a command that never ends by itself, and returns when it runs in its guest. */
export async function startCommand(pyro: TestPyro, options: CommandOptions = {}): Promise<RunningCommand> {
  const { flags = ["--timeout-seconds", "1000"], script = "sleep 1000", ...cli } = options;
  const argv = ["run", "debian:12", ...flags, "--", "sh", "-c", `echo ready; ${script}`];
  const child = pyro.start(argv, cli);
  const { ended, seen } = follow(child);
  await seen("ready");
  return { child, ended };
}

/** The sandbox and gofer processes of this pyro's guests, and runsc itself while it works. */
export async function guestProcesses(pyro: TestPyro): Promise<SandboxProcess[]> {
  return findSandboxProcesses(runscRootDir(resolveStatePaths(pyro.settings)));
}
