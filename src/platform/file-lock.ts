// A lock between processes: flock(2), held by a child that lets go when we die, however we die.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { HOST_ENV } from "./processes.js";
import { explainStartFailure } from "./program-missing.js";

/** flock(1) exits with this when the lock is taken and it was told not to wait. */
const LOCK_TAKEN = 75;

export interface FileLock extends AsyncDisposable {
  /** Resolves when the lock is held no more: released, or its holder was killed. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/** Waits for the lock on `file` (made when missing). Aborting `signal` gives up. */
export async function acquireFileLock(file: string, signal?: AbortSignal): Promise<FileLock> {
  return waitFor(["--exclusive"], file, signal);
}

/** As acquireFileLock(), but others may share it. */
export async function acquireSharedLock(file: string, signal?: AbortSignal): Promise<FileLock> {
  return waitFor(["--shared"], file, signal);
}

/** Takes the lock on `file` if nobody holds it. */
export async function tryFileLock(file: string): Promise<FileLock | undefined> {
  return lockWith(["--exclusive", "--nonblock", "--conflict-exit-code", String(LOCK_TAKEN)], file);
}

async function waitFor(flags: string[], file: string, signal: AbortSignal | undefined): Promise<FileLock> {
  const lock = await lockWith(flags, file, signal);
  if (!lock) throw new Error(`flock ended without the lock on ${file}`);
  return lock;
}

async function lockWith(flags: string[], file: string, signal?: AbortSignal): Promise<FileLock | undefined> {
  signal?.throwIfAborted();
  // `cat` ends when our end of its stdin closes: with us, or at release. --no-fork makes it the one
  // process that has the lock.
  const child = spawn("flock", [...flags, "--no-fork", file, "sh", "-c", "echo; exec cat"], {
    env: HOST_ENV,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const onAbort = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", onAbort, { once: true });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, "close");
  try {
    const outcome = await Promise.race([
      once(child.stdout, "data").then(() => "locked" as const),
      closed.then(() => "ended" as const),
    ]);
    signal?.throwIfAborted();
    if (outcome === "ended") {
      if (child.exitCode === LOCK_TAKEN) return undefined;
      throw new Error(
        `cannot lock ${file}: ${stderr.trim() || `flock exited with ${child.exitCode ?? "a signal"}`}`,
      );
    }
  } catch (error) {
    throw explainStartFailure(error, "flock");
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  const release = async () => {
    child.stdin.end();
    await closed;
  };
  const lost = closed.then(() => undefined);
  return { lost, release, [Symbol.asyncDispose]: release };
}
