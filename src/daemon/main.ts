// The daemon's process: takes the lock, cleans up after its predecessor, serves, leaves when idle.
// Crash-only: whatever it would do at its end, the next one's start does as well.

import { existsSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { PyroError, toPyroError } from "../contract/errors.js";
import { acquireFileLock, type FileLock } from "../platform/file-lock.js";
import { PACKAGE_VERSION, readBuildId } from "../platform/package-files.js";
import { resolveSettings, settingsFingerprint, type Settings } from "../platform/settings.js";
import { ensureLink, ensureStateDirectories, type StatePaths } from "../platform/state-paths.js";
import { primeLatest } from "../vm/prepare.js";
import { handlers } from "./handlers/handlers.js";
import { openLog, type Log } from "./log.js";
import { openServices } from "./open-services.js";
import { createDaemonServer, STOPPED_BY_USER } from "./server.js";
import type { Services } from "./services.js";

/** A predecessor that is leaving ends its calls and removes its guests within this. */
const LOCK_TIMEOUT_MS = 30_000;
const IDLE_CHECK_MS = 1_000;
const EXPIRY_CHECK_MS = 1_000;
/** What is not released by then is removed by force. */
const END_WORK_TIMEOUT_MS = 20_000;
/** A capture of a full guest takes some seconds. */
const STOP_TIMEOUT_MS = 60_000;

/** Tells the client that waits for our start, by one line on stdout, and lets go of its pipe. */
function reportStart(report: unknown): void {
  // The client may be gone by now: that is no reason to go too.
  process.stdout.on("error", () => undefined);
  process.stdout.end(`${JSON.stringify(report)}\n`);
}

async function main(): Promise<void> {
  const settings = resolveSettings();
  const paths = await ensureStateDirectories(settings);
  const log = openLog(paths.daemonLog, settings.logLevel);
  process.on("uncaughtExceptionMonitor", (error) =>
    log.write("crashed", { message: error.stack ?? error.message }),
  );
  try {
    await serve(settings, paths, log);
  } catch (error) {
    // Nobody hears of it but by the log when the start has been told already.
    log.write("failed", { message: toPyroError(error).message });
    throw error;
  }
}

/** Never returns: the process ends with the work, or this rejects. */
async function serve(settings: Settings, paths: StatePaths, log: Log): Promise<never> {
  await using lock = await takeLock(paths);
  const services = openServices(settings, paths, log);
  await adoptGuests(services, log);

  const departure = new Departure();
  const leave = (reason: string) => departure.begin(reason);
  const server = createDaemonServer({
    funnel: { services, handlers, log },
    version: PACKAGE_VERSION,
    buildId: readBuildId(),
    settingsFingerprint: settingsFingerprint(settings),
    onShutdown: leave,
    isLeaving: () => departure.begun,
  });
  await rm(paths.daemonSocket, { force: true });
  server.listen(paths.daemonSocket);
  await once(server, "listening");
  await chmod(paths.daemonSocket, 0o600);
  await ensureLink(paths.daemonLink, paths.daemonSocket);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => leave(signal));
  process.on("SIGHUP", () => undefined);
  void lock.lost.then(() => leave("lost its lock"));
  const expiry = watchExpiry(services, log);
  const idle = watchIdle(services, settings, paths, leave);
  log.write("started", { pid: process.pid, version: PACKAGE_VERSION });
  reportStart({ ready: true });
  void primeLatest(services).catch((error: unknown) => {
    log.write("background_failure", { message: toPyroError(error).message });
  });

  const reason = await departure.started;
  clearInterval(idle);
  clearInterval(expiry);
  await rm(paths.daemonSocket, { force: true });
  await rm(paths.daemonLink, { force: true });
  server.close();
  await endWork(services);
  await services.pool.close();
  if (reason === STOPPED_BY_USER) await stopGuests(services);
  const kept = new Set([...services.vms.machineIds(), ...services.workspaces.machineIds()]);
  services.vms.release();
  await services.workspaces.release();
  await services.workspaceParts.seeds.close();
  await services.guests.settle();
  // The link to the state may be gone with the runtime directory, as a session's end removes it.
  await ensureStateDirectories(settings);
  await reapGuests(services, kept, log);
  server.closeAllConnections();
  log.write("stopped", { reason });
  await lock.release();
  process.exit(0);
}

/** Why the daemon leaves; the first reason counts. */
class Departure {
  readonly started: Promise<string>;
  #begun = false;
  #resolve: (reason: string) => void = () => undefined;

  constructor() {
    this.started = new Promise((resolve) => (this.#resolve = resolve));
  }

  get begun(): boolean {
    return this.#begun;
  }

  begin(reason: string): void {
    this.#begun = true;
    this.#resolve(reason);
  }
}

/** Takes over what a former daemon left and has a record; the rest is removed. */
async function adoptGuests(services: Services, log: Log): Promise<void> {
  const { vms, workspaces, workspaceParts, engine, exports } = services;
  // What a killed daemon has left there belongs to no call any more.
  await rm(workspaceParts.scratchDir, { recursive: true, force: true });
  await exports.clear((error) => log.write("background_failure", { message: toPyroError(error).message }));
  const [kept] = await Promise.all([vms.adopt(engine), workspaces.adopt(engine)]);
  await reapGuests(services, new Set([...kept, ...workspaces.machineIds()]), log);
}

/** When the user stops the daemon nothing stays running; workspaces keep their files. */
async function stopGuests({ vms, workspaces }: Services): Promise<void> {
  await Promise.all([vms.stopAll(), workspaces.stopAll(AbortSignal.timeout(STOP_TIMEOUT_MS))]);
}

/** What is nobody's: guests of calls that a former daemon was serving, or that were aborted. */
async function reapGuests(services: Services, keep: ReadonlySet<string>, log: Log): Promise<void> {
  for (const engine of [services.engine, services.hostCompat]) {
    try {
      const removed = await engine.reap(keep);
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
    // Whatever else keeps the lock from being taken, such as a program that is missing, says so itself.
    if (!(error instanceof Error) || error.name !== "TimeoutError") throw error;
    const problem = `another daemon holds ${paths.daemonLock} and does not answer`;
    throw new PyroError("daemon_unavailable", problem, { cause: error });
  }
}

function watchIdle(
  { guests, calls }: Services,
  { daemonIdleMs }: Settings,
  { daemonSocket }: StatePaths,
  leave: (reason: string) => void,
): NodeJS.Timeout {
  return setInterval(() => {
    if (guests.list().length > 0 || calls.list().length > 0) return;
    if (calls.idleMs > daemonIdleMs) leave("idle");
    // Nobody finds us any more, and the next daemon waits for our lock.
    else if (!existsSync(daemonSocket)) leave("its socket is gone");
  }, IDLE_CHECK_MS);
}

function watchExpiry({ vms, workspaces }: Services, log: Log): NodeJS.Timeout {
  const onFailure = (error: unknown) =>
    log.write("background_failure", { message: toPyroError(error).message });
  // A stop takes longer than the interval; one sweep at a time.
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      for (const vmId of await vms.reapExpired()) log.write("expired", { vm_id: vmId });
      for (const { id, act } of await workspaces.reapExpired())
        log.write("expired", { workspace_id: id, act });
    } finally {
      sweeping = false;
    }
  };
  return setInterval(() => void sweep().catch(onFailure), EXPIRY_CHECK_MS);
}

/** Aborts the calls and waits until each has released what it had: its guest, or the programs that it runs. */
async function endWork({ calls }: Services): Promise<void> {
  for (const call of calls.list()) {
    call.abort.abort(new PyroError("daemon_unavailable", "the daemon was stopped during the call"));
  }
  const patience = new AbortController();
  const deadline = setTimeout(END_WORK_TIMEOUT_MS, undefined, { signal: patience.signal });
  await Promise.race([calls.untilIdle(), deadline.catch(() => undefined)]);
  patience.abort();
}

main().catch((thrown: unknown) => {
  const error = toPyroError(thrown);
  reportStart({ error: error.toReport() });
  // At once: its guests' connections and timers would keep a daemon that has let go of its lock beside the next one.
  process.exit(error.exitStatus);
});
