// Looks after one running sandbox: ends it when it takes more memory than it may, where no cgroup does so,
// and keeps its log files from growing (a guest can make the Sentry log as much as it likes).
//
// The kernel has no event for "this memfd grew", so this polls; a look takes under a millisecond.

import { readdir, stat, truncate } from "node:fs/promises";
import path from "node:path";
import type { SandboxUsage } from "./sandbox-usage.js";

const MEMORY_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;
const LOG_MAX_BYTES = 8 * 1024 * 1024;

export interface SandboxWatchInput {
  readonly usage: Pick<SandboxUsage, "readMemoryBytes">;
  readonly logDir: string;
  /** Undefined: a cgroup limits the memory. */
  readonly memoryLimitBytes: number | undefined;
  readonly kill: () => Promise<void>;
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
}

export interface SandboxWatch {
  /** True once the sandbox was ended for its memory. */
  readonly outOfMemory: boolean;
  stop(): void;
}

export function watchSandbox(input: SandboxWatchInput): SandboxWatch {
  const state = { outOfMemory: false };
  const { memoryLimitBytes } = input;
  const memory =
    memoryLimitBytes === undefined
      ? undefined
      : repeat(MEMORY_INTERVAL_MS, input.onFailure, async () => {
          // Of a sandbox that is gone nothing is left to measure; one whose end has failed is ended again.
          if ((await input.usage.readMemoryBytes()) <= memoryLimitBytes) return;
          state.outOfMemory = true;
          await input.kill();
        });
  const logs = repeat(LOG_INTERVAL_MS, input.onFailure, () => truncateLogs(input.logDir));
  return {
    get outOfMemory() {
      return state.outOfMemory;
    },
    stop() {
      memory?.();
      logs();
    },
  };
}

async function truncateLogs(logDir: string): Promise<void> {
  for (const name of await readdir(logDir).catch(() => [])) {
    const file = path.join(logDir, name);
    // One that is gone is gone with its guest.
    const found = await stat(file).catch(() => undefined);
    // runsc appends, so that a file cut to nothing starts anew.
    if (found && found.size > LOG_MAX_BYTES) await truncate(file);
  }
}

/** Runs `act` every `intervalMs`, never twice at once, whether it fails or not; returns how to stop. */
function repeat(
  intervalMs: number,
  onFailure: (error: unknown) => void,
  act: () => Promise<void>,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const arm = () => {
    if (stopped) return;
    timer = setTimeout(
      () =>
        void act()
          .catch((error: unknown) => {
            if (!stopped) onFailure(error);
          })
          .finally(arm),
      intervalMs,
    );
    timer.unref();
  };
  arm();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
