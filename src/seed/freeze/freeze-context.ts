// What every step of a freeze needs: how to end early, how to tell, and the moment that it counts as.

import { setImmediate } from "node:timers/promises";
import type { Scope } from "../../platform/scope.js";

export interface FreezeProgress {
  /** `scan`, `read` (of an archive), `write`. */
  readonly phase: string;
  readonly current: number;
  readonly total: number | undefined;
  /** What is counted: `entries` or `bytes`. */
  readonly unit: string;
}

export type OnFreezeProgress = (progress: FreezeProgress) => void | Promise<void>;

export interface FreezeRequest {
  /** As the user gave it, absolute; undefined: an empty workspace. */
  readonly sourcePath: string | undefined;
  /** A new directory for the seed, which takes everything that is written. */
  readonly seedDir: string;
  /** The fingerprint under which the source is already frozen. */
  readonly knownFingerprint: string | undefined;
  /** Directories of ours, which are no part of any project. */
  readonly ownDirs: readonly string[];
  /** Bytes of content that the tar may hold: a guest keeps all of it in memory while it starts. */
  readonly tarBudgetBytes: number;
  /** Where the user's Git configuration is. */
  readonly homeDir: string;
}

export interface FreezeContext {
  readonly request: FreezeRequest;
  readonly signal: AbortSignal;
  readonly onProgress: OnFreezeProgress;
  /** When it began, milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Ends what runs beside the freeze, and removes what it needed for a while. */
  readonly scope: Scope;
}

const YIELD_AFTER_MS = 20;
const TELL_AFTER_MS = 100;

/**
 * Makes a loop of synchronous calls a good neighbour: awaited in every round, it lets events in now and then, tells how
 * far the loop is, and ends it when the freeze is cancelled. (Asynchronous calls for each of 10,000 files take several
 * times as long.)
 */
export function makeBreather(
  { signal, onProgress }: FreezeContext,
  { phase, unit, total }: Omit<FreezeProgress, "current">,
): (current: number) => Promise<void> | undefined {
  let nextBreathAt = performance.now() + YIELD_AFTER_MS;
  let tellAt = performance.now() + TELL_AFTER_MS;
  return (current) => {
    if (performance.now() < nextBreathAt) return undefined;
    return breathe(current);
  };

  async function breathe(current: number): Promise<void> {
    await setImmediate();
    signal.throwIfAborted();
    if (performance.now() >= tellAt) {
      await onProgress({ phase, current, total, unit });
      tellAt = performance.now() + TELL_AFTER_MS;
    }
    nextBreathAt = performance.now() + YIELD_AFTER_MS;
  }
}

/**
 * A host's mtime as the seed has it, whole seconds. One that is newer than two seconds ago, or in the future, becomes
 * two seconds old: an edit in the guest always shows in the mtime then.
 */
export function toSeedMtime(mtimeMs: number, { startedAtMs }: FreezeContext): number {
  const latest = Math.floor(startedAtMs / 1000) - 2;
  return Math.max(0, Math.min(Math.floor(mtimeMs / 1000), latest));
}
