// The services of a guest that runs: started, watched, stopped, and their ports published. What is known of them
// outlives the guest in the records.

import { PyroError, toPyroError } from "../../contract/errors.js";
import type { StopReason } from "../../contract/service-ends.js";
import type { GuestAgent } from "../../guest/agent.js";
import type { GuestService, GuestServiceRequest } from "../../guest/services.js";
import { unlessAborted } from "../../platform/unless-aborted.js";
import { Changes } from "./changes.js";
import { collectLog } from "./collect-log.js";
import type { HostPorts, PortRequest } from "./host-ports.js";
import { PublishedPorts } from "./published-ports.js";
import { applyState, endWithGuest, type ServiceRecord } from "./service-record.js";
import type { ServiceRecords } from "./service-records.js";

export interface ServiceStart extends GuestServiceRequest {
  /** As a shell would read it, without secrets. */
  readonly shownCommand: string;
  /** Without secrets. */
  readonly shownCwd: string;
  readonly readiness: ServiceRecord["readiness"];
  readonly ports: readonly PortRequest[];
}

export interface LiveServicesParts {
  readonly agent: GuestAgent;
  readonly records: ServiceRecords;
  readonly hostPorts: HostPorts;
  /** Whose services these are, in words. */
  readonly owner: string;
  /** A service has come or gone. */
  readonly onChange: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Between TERM and KILL of a service. */
const STOP_GRACE_MS = 5_000;

export class LiveServices {
  readonly #parts: LiveServicesParts;
  readonly #end = new AbortController();
  readonly #changes = new Changes();
  readonly #starting = new Set<string>();
  /** What the agent has told of each service last. */
  readonly #seen = new Map<string, GuestService>();
  readonly #ports: PublishedPorts;
  /** Why a service is being stopped, and has not ended yet. */
  readonly #reasons = new Map<string, StopReason>();
  /** Logs that are being taken out of the guest. */
  readonly #keeping = new Map<string, Promise<void>>();
  #watching: Promise<void> | undefined;

  constructor(parts: LiveServicesParts) {
    this.#parts = parts;
    this.#ports = new PublishedPorts(parts.hostPorts, parts.agent.ports, parts.owner);
    if (parts.records.runningCount > 0) void this.#resume().catch(parts.onFailure);
  }

  get runningCount(): number {
    return this.#parts.records.runningCount + this.#starting.size;
  }

  /** Returns when the service is ready or has failed, which is no error. Whoever cancels ends it. */
  async start(start: ServiceStart, onStarted: () => void, signal: AbortSignal): Promise<ServiceRecord> {
    const { name } = start;
    this.#checkName(name);
    this.#starting.add(name);
    try {
      await this.#launch(start, signal);
    } finally {
      this.#starting.delete(name);
    }
    onStarted();
    try {
      return await this.#settled(name, signal);
    } catch (error) {
      await this.stop(name, "cancelled", AbortSignal.timeout(STOP_GRACE_MS)).catch(this.#parts.onFailure);
      throw error;
    }
  }

  /** Ends a service, or does nothing when it has ended. */
  async stop(name: string, reason: StopReason, signal: AbortSignal): Promise<ServiceRecord> {
    if (this.#get(name).state === "running") {
      this.#reasons.set(name, reason);
      await this.#watch();
      await this.#apply(await this.#parts.agent.services.stop(name, STOP_GRACE_MS, signal));
    }
    await unlessAborted(this.#keeping.get(name) ?? Promise.resolve(), signal);
    return this.#get(name);
  }

  /** Before the guest goes in good order: what its services have to write they write. */
  async stopAll(reason: StopReason, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#listRunning().map(({ name }) => this.stop(name, reason, signal)));
  }

  /** Returns when the service has ended, and its log has been taken out of the guest. */
  async untilEnded(name: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const changed = this.#changes.next();
      if (this.#get(name).state !== "running") return unlessAborted(this.logKept(name), signal);
      await unlessAborted(changed, signal);
    }
  }

  /** Waits for a log that is being taken out of the guest. */
  async logKept(name: string): Promise<void> {
    await this.#keeping.get(name);
  }

  /** The guest is not ours any more: its ports are free when this returns. */
  async close(): Promise<void> {
    this.#end.abort(new PyroError("guest_died", "the guest is gone"));
    await this.#ports.closeAll();
  }

  /** The guest has died, and its services with it. */
  async died(problem: string): Promise<void> {
    // Its ports are free also when the disk is too full to note why.
    await Promise.all([endRecords(this.#parts.records, "guest_died", problem), this.close()]);
  }

  async #launch(start: ServiceStart, signal: AbortSignal): Promise<void> {
    const { agent, records } = this.#parts;
    const { name } = start;
    await this.#watch();
    // Of the former run of this name.
    await this.logKept(name);
    const open = await this.#ports.open(name, start.ports, this.#listRunning());
    const startedAt = Date.now() / 1000;
    try {
      const service = await agent.services.start(start, signal);
      this.#reasons.delete(name);
      await records.forgetLog(name);
      await records.put({
        name,
        command: start.shownCommand,
        cwd: start.shownCwd,
        readiness: start.readiness,
        ports: open.map(({ guestPort, hostPort }) => ({ guestPort, hostPort })),
        run: service.run,
        state: "running",
        startedAt,
      });
      await this.#apply(service);
      await this.#apply(this.#seen.get(name));
    } catch (error) {
      await this.#ports.close(name);
      // It may have begun and have no record, and would be in the way of the next of its name. Else there is none.
      const patience = AbortSignal.timeout(STOP_GRACE_MS);
      await agent.services.stop(name, STOP_GRACE_MS, patience).catch(() => undefined);
      throw error;
    }
  }

  /** Returns the record when the service is ready, or has ended. */
  async #settled(name: string, signal: AbortSignal): Promise<ServiceRecord> {
    for (;;) {
      const changed = this.#changes.next();
      const record = this.#get(name);
      if (record.state !== "running") await unlessAborted(this.logKept(name), signal);
      if (record.state !== "running" || record.readyAt !== undefined) return this.#get(name);
      await unlessAborted(changed, signal);
    }
  }

  /** Of a guest that a former daemon left: what its services have done since, and their ports again. */
  async #resume(): Promise<void> {
    const { records, agent, onFailure } = this.#parts;
    await this.#watch();
    for (const service of this.#seen.values()) {
      // Its start was not recorded: whoever asked for it was told that it failed.
      const isOurs = records.find(service.name)?.run === service.run;
      if (!isOurs && service.endedAt === undefined) await agent.services.stop(service.name, STOP_GRACE_MS);
    }
    for (const record of this.#listRunning()) {
      if (this.#seen.get(record.name)?.run !== record.run) {
        await records.put(endWithGuest(record, "guest_died", "its guest does not know it"));
        continue;
      }
      try {
        await this.#ports.open(record.name, record.ports, []);
      } catch (error) {
        onFailure(error);
        await records.put({ ...record, problem: toPyroError(error).message });
      }
      if (this.#end.signal.aborted || this.#get(record.name).state !== "running") {
        await this.#ports.close(record.name);
      }
    }
  }

  /** Begins to listen to the agent, once; returns when its first word has come. */
  #watch(): Promise<void> {
    this.#watching ??= new Promise((resolve, reject) => {
      this.#follow(resolve).catch((error: unknown) => {
        reject(toPyroError(error));
        // Without it nobody would know of an end: an agent that does not tell is as good as none.
        if (!this.#end.signal.aborted) this.#parts.agent.close();
      });
    });
    return this.#watching;
  }

  async #follow(onFirst: () => void): Promise<void> {
    for await (const services of this.#parts.agent.services.watch(this.#end.signal)) {
      for (const service of services) {
        this.#seen.set(service.name, service);
        await this.#apply(service);
      }
      onFirst();
    }
  }

  async #apply(service: GuestService | undefined): Promise<void> {
    const { records, onChange } = this.#parts;
    const record = service && records.find(service.name);
    if (!record) return;
    const { name } = record;
    const next = applyState(record, service, { now: Date.now() / 1000, reason: this.#reasons.get(name) });
    if (next === record) return;
    const hasEnded = next.state !== "running";
    // Set before anybody is told of the end: whoever is then waits for the log.
    if (hasEnded) this.#keeping.set(name, this.#keep(name));
    await records.put(next);
    if (hasEnded) await this.#ports.close(name);
    this.#changes.tell();
    onChange();
  }

  /** Takes the log of a service that has ended out of the guest, for when that has gone. */
  async #keep(name: string): Promise<void> {
    const { agent, records, onFailure } = this.#parts;
    try {
      const log = await collectLog(agent.services.readLog(name, {}, this.#end.signal));
      await records.keepLog(name, log);
      const { stdoutTruncated, stderrTruncated } = log;
      await records.put({ ...this.#get(name), keptLog: { stdoutTruncated, stderrTruncated } });
    } catch (error) {
      if (!this.#end.signal.aborted) onFailure(error);
    }
  }

  #get(name: string): ServiceRecord {
    return getService(this.#parts.records, name);
  }

  #checkName(name: string): void {
    const isTaken = this.#starting.has(name) || this.#parts.records.find(name)?.state === "running";
    if (!isTaken) return;
    throw new PyroError("conflict", `the service ${name} of ${this.#parts.owner} runs already`, {
      hint: "Stop it first, or choose another name.",
    });
  }

  #listRunning(): readonly ServiceRecord[] {
    return this.#parts.records.list().filter(({ state }) => state === "running");
  }
}

/** Throws `service_not_found`. */
export function getService(records: ServiceRecords, name: string): ServiceRecord {
  const found = records.find(name);
  if (found) return found;
  throw new PyroError("service_not_found", `there is no service ${name} since the last reset`, {
    details: { services: records.list().map((each) => each.name) },
  });
}

/** Every service that ran has ended with its guest. */
export async function endRecords(
  records: ServiceRecords,
  reason: StopReason,
  problem: string,
): Promise<void> {
  const ended = records.list().map((record) => endWithGuest(record, reason, problem));
  await Promise.all(
    ended.filter((record) => record !== records.find(record.name)).map((record) => records.put(record)),
  );
}
