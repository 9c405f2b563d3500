// The daemon's process: takes the lock, cleans up after its predecessor, serves, leaves when idle.
// Crash-only: whatever it would do at its end, the next one's start does as well.

import { rm } from "node:fs/promises";
import { once } from "node:events";
import { PyroError, toPyroError } from "../contract/errors.js";
import { acquireFileLock, type FileLock } from "../platform/file-lock.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import { resolveSettings, settingsFingerprint, type Settings } from "../platform/settings.js";
import { ensureStateDirectories, type StatePaths } from "../platform/state-paths.js";
import { handlers } from "./handlers/handlers.js";
import { openLog, type Log } from "./log.js";
import { openServices } from "./open-services.js";
import { createDaemonServer } from "./server.js";
import type { Services } from "./services.js";

/** A predecessor that is leaving ends its calls and removes its guests within this. */
const LOCK_TIMEOUT_MS = 30_000;
const IDLE_CHECK_MS = 1_000;

/** Tells the client that waits for our start, by one line on stdout, and lets go of its pipe. */
function reportStart(report: unknown): void {
  process.stdout.end(`${JSON.stringify(report)}\n`);
}

async function main(): Promise<void> {
  const settings = resolveSettings();
  const paths = await ensureStateDirectories(settings);
  const log = openLog(paths.daemonLog, settings.logLevel);
  await using lock = await takeLock(paths);
  const services = openServices(settings, paths);
  await reapGuests(services, log);

  let leave: (reason: string) => void = () => undefined;
  const leaving = new Promise<string>((resolve) => (leave = resolve));
  const server = createDaemonServer({
    funnel: { services, handlers, log },
    version: PACKAGE_VERSION,
    settingsFingerprint: settingsFingerprint(settings),
    onShutdown: leave,
  });
  await rm(paths.daemonSocket, { force: true });
  server.listen(paths.daemonSocket);
  await once(server, "listening");
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => leave(signal));
  process.on("SIGHUP", () => undefined);
  const idle = watchIdle(services, settings, leave);
  log.write("started", { pid: process.pid, version: PACKAGE_VERSION });
  reportStart({ ready: true });

  const reason = await leaving;
  clearInterval(idle);
  await rm(paths.daemonSocket, { force: true });
  server.close();
  await endWork(services, log);
  server.closeAllConnections();
  log.write("stopped", { reason });
  await lock.release();
  process.exit(0);
}

/** No guest of this version outlives the call that made it: what a former daemon left is nobody's. */
async function reapGuests(services: Services, log: Log): Promise<void> {
  for (const engine of [services.engine, services.hostCompat]) {
    try {
      const removed = await engine.reap(new Set());
      if (removed.length > 0) log.write("reaped", { engine: engine.name, guests: removed.length });
    } catch (error) {
      // A host that cannot run guests can still answer `doctor`, which says why.
      log.write("reap_failed", { engine: engine.name, message: toPyroError(error).message });
    }
  }
}

async function takeLock(paths: StatePaths): Promise<FileLock> {
  try {
    return await acquireFileLock(paths.daemonLock, AbortSignal.timeout(LOCK_TIMEOUT_MS));
  } catch (error) {
    throw new PyroError(
      "daemon_unavailable",
      `another daemon holds ${paths.daemonLock} and does not answer`,
      {
        cause: error,
      },
    );
  }
}

function watchIdle(services: Services, settings: Settings, leave: (reason: string) => void): NodeJS.Timeout {
  return setInterval(() => {
    if (services.guests.list().length === 0 && services.calls.idleMs > settings.daemonIdleMs) leave("idle");
  }, IDLE_CHECK_MS);
}

async function endWork(services: Services, log: Log): Promise<void> {
  for (const call of services.calls.list()) {
    call.abort.abort(new PyroError("daemon_unavailable", "the daemon was stopped during the call"));
  }
  const outcomes = await Promise.allSettled(services.guests.list().map((guest) => guest.machine.remove()));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected")
      log.write("remove_failed", { message: toPyroError(outcome.reason).message });
  }
}

main().catch((thrown: unknown) => {
  const error = toPyroError(thrown);
  reportStart({ error: error.toReport() });
  process.exitCode = error.exitStatus;
});
