// One-shot guests: created, started, used for one command, removed; all known to every client of this daemon,
// and to the next daemon.

import { PyroError } from "../contract/errors.js";
import { isVmId, type MachineId, type VmId } from "../contract/ids.js";
import type { Engine, Machine } from "../machine/engine.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import type { Guest, GuestRegistry, GuestSize } from "../fleet/guest-registry.js";
import {
  runCommand,
  type CommandContext,
  type CommandInput,
  type CommandOutcome,
} from "../fleet/run-command.js";
import { refuseOnHost, type NetworkRequest } from "../network/guest-networks.js";
import { expiresAt, newVmId, type VmRecord } from "./vm-record.js";
import type { VmStore } from "./vm-store.js";
import { nextState } from "./vm-transitions.js";

export interface CreateVmInput extends GuestSize {
  /** Resolved name of the environment, its version and tree. */
  readonly origin: GuestOrigin;
  readonly ttlSeconds: number;
  readonly allowHostCompat: boolean;
  readonly network: boolean;
}

/** Where the guest of an existing record comes from, when it is started. */
export type ResolveOrigin = (record: VmRecord, signal: AbortSignal) => Promise<GuestOrigin>;

export interface VmsOptions {
  readonly guests: GuestRegistry;
  readonly store: VmStore;
  readonly resolveOrigin: ResolveOrigin;
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
}

interface Vm {
  record: VmRecord;
  guest: Guest | undefined;
  /** Unix seconds. Present while a command runs or is about to: the guest does not expire under it before that. */
  commandEndsBy: number | undefined;
  /** Aborted when it is stopped or removed: nothing begins in it any more, and what has begun ends. */
  readonly end: AbortController;
  /** Starts and stops take turns; this is the last one's end. It never rejects. */
  turn: Promise<unknown>;
}

/** The guest itself ends a command at its timeout; then its output is still to be taken. */
const COMMAND_GRACE_SECONDS = 15;

export class Vms {
  readonly #guests: GuestRegistry;
  readonly #store: VmStore;
  readonly #options: VmsOptions;
  readonly #vms = new Map<string, Vm>();

  constructor(options: VmsOptions) {
    this.#guests = options.guests;
    this.#store = options.store;
    this.#options = options;
  }

  /**
   * Reads the records that the former daemon left and takes over its guests. What has expired is removed; a guest that
   * is no more leaves a stopped record. Returns the ids of the machines that are in use.
   */
  async adopt(engine: Engine): Promise<ReadonlySet<string>> {
    await Promise.all((await this.#store.readAll()).map((record) => this.#adoptOne(engine, record)));
    await this.reapExpired();
    return this.machineIds();
  }

  /** The guests that run now, by the ids of their machines. */
  machineIds(): ReadonlySet<string> {
    return new Set([...this.#vms.values()].flatMap(({ guest }) => (guest ? [guest.machine.id] : [])));
  }

  /** The ids of the guests that run now. */
  listRunning(): readonly VmId[] {
    return [...this.#vms.values()].filter(({ guest }) => guest).map(({ record }) => record.vmId);
  }

  async create({ origin, ...input }: CreateVmInput): Promise<VmRecord> {
    const { vcpuCount, memMib, ttlSeconds, allowHostCompat, network } = input;
    if (network && !origin.isIsolated) throw refuseOnHost();
    const { name, version, rootfsDir } = origin.environment;
    const record: VmRecord = {
      vmId: newVmId(),
      environment: name,
      environmentVersion: version,
      rootfsDir,
      vcpuCount,
      memMib,
      ttlSeconds,
      createdAt: Date.now() / 1000,
      state: "created",
      allowHostCompat,
      network,
    };
    await this.#store.write(record);
    this.#keep(record);
    return record;
  }

  status(vmId: string): VmRecord {
    return this.#get(vmId).record;
  }

  async start(vmId: string, signal: AbortSignal): Promise<VmRecord> {
    const vm = this.#get(vmId);
    await this.#ensureStarted(vm, signal, { recorded: true });
    return vm.record;
  }

  /** Runs one command, after which the guest is gone. One that could not start stays as it was. */
  async exec(vmId: string, input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
    const vm = this.#get(vmId);
    nextState(vm.record, "exec");
    if (vm.commandEndsBy !== undefined) {
      throw new PyroError("conflict", `${vmId} is running its command already`, {
        hint: "A one-shot guest takes one command; create another guest for another command.",
      });
    }
    vm.commandEndsBy = Date.now() / 1000 + input.timeoutSeconds + COMMAND_GRACE_SECONDS;
    let guest: Guest;
    try {
      // Its record is about to go: it need not tell of a start before.
      guest = await this.#ensureStarted(vm, context.signal, { recorded: false });
    } catch (error) {
      vm.commandEndsBy = undefined;
      throw error;
    }
    try {
      // Before the command: if this daemon is killed under it, the next one knows no such guest and removes it.
      await this.#store.remove(vm.record.vmId);
      const signal = AbortSignal.any([context.signal, vm.end.signal]);
      return await runCommand(guest.machine, { ...input, asImageUser: true }, { ...context, signal });
    } finally {
      await this.#remove(vm, "has run its command");
    }
  }

  /** Ends the guest; its record stays until it is deleted or expires. */
  async stop(vmId: string): Promise<VmRecord> {
    const vm = this.#get(vmId);
    vm.end.abort(new PyroError("conflict", `${vmId} was stopped`));
    await this.#inTurn(vm, async () => {
      if (nextState(vm.record, "stop") === "same") return;
      await this.#endGuest(vm);
      await this.#update(vm, { state: "stopped" });
    });
    return vm.record;
  }

  async delete(vmId: string): Promise<void> {
    await this.#remove(this.#get(vmId), "was deleted");
  }

  /** Removes every guest whose time is over. A command that runs gets its whole timeout. */
  async reapExpired(): Promise<readonly VmId[]> {
    const now = Date.now() / 1000;
    const expired = [...this.#vms.values()].filter(
      ({ record, commandEndsBy = 0 }) => Math.max(expiresAt(record), commandEndsBy) <= now,
    );
    await Promise.all(expired.map((vm) => this.#remove(vm, "has expired")));
    return expired.map(({ record }) => record.vmId);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.listRunning().map((vmId) => this.stop(vmId)));
  }

  /** Ends nothing: lets go of the guests, which the next daemon adopts. */
  release(): void {
    for (const { guest } of this.#vms.values()) guest?.machine.release();
  }

  #keep(record: VmRecord): Vm {
    const vm: Vm = {
      record,
      guest: undefined,
      commandEndsBy: undefined,
      end: new AbortController(),
      turn: Promise.resolve(),
    };
    this.#vms.set(record.vmId, vm);
    return vm;
  }

  async #inTurn(vm: Vm, act: () => Promise<void>): Promise<void> {
    const turn = vm.turn.then(act);
    vm.turn = turn.catch(() => undefined);
    await turn;
  }

  async #ensureStarted(vm: Vm, signal: AbortSignal, how: { readonly recorded: boolean }): Promise<Guest> {
    await this.#inTurn(vm, async () => {
      if (nextState(vm.record, "start") === "same") return;
      await this.#start(vm, AbortSignal.any([signal, vm.end.signal]), how);
    });
    if (vm.guest) return vm.guest;
    vm.end.signal.throwIfAborted();
    throw new PyroError("guest_died", `the guest of ${vm.record.vmId} is no more`);
  }

  async #start(vm: Vm, signal: AbortSignal, { recorded }: { readonly recorded: boolean }): Promise<void> {
    signal.throwIfAborted();
    const { record } = vm;
    const origin = await this.#options.resolveOrigin(record, signal);
    const request = { origin, size: record, network: networkOf(record) };
    const guest = await this.#guests.start(record.vmId, request, signal);
    try {
      const { id, engine } = guest.machine;
      const started = { state: "started", machine: { id, engine } } as const;
      if (recorded) await this.#update(vm, started);
      else vm.record = { ...vm.record, ...started };
      vm.end.signal.throwIfAborted();
    } catch (error) {
      await this.#guests.remove(guest);
      throw error;
    }
    this.#attach(vm, guest);
  }

  // A guest that ends by itself leaves a stopped record, so that whoever asks finds out.
  #attach(vm: Vm, guest: Guest): void {
    vm.guest = guest;
    void guest.machine.exited
      .then(async ({ reason }) => {
        if (vm.guest !== guest || reason === "removed") return;
        await this.#endGuest(vm);
        await this.#update(vm, { state: "stopped" });
      })
      .catch(this.#options.onFailure);
  }

  async #endGuest(vm: Vm): Promise<void> {
    const { guest } = vm;
    vm.guest = undefined;
    if (guest) await this.#guests.remove(guest);
  }

  async #adoptOne(engine: Engine, record: VmRecord): Promise<void> {
    const vm = this.#keep(record);
    if (record.state !== "started") return;
    const machine = record.machine && (await this.#adoptMachine(engine, record.machine.id));
    if (!machine) {
      await this.#update(vm, { state: "stopped" });
      return;
    }
    const environment = {
      name: record.environment,
      version: record.environmentVersion,
      rootfsDir: record.rootfsDir,
    };
    this.#attach(vm, await this.#guests.adopt(record.vmId, machine, environment, networkOf(record)));
  }

  async #adoptMachine(engine: Engine, id: MachineId): Promise<Machine | undefined> {
    try {
      return await engine.adopt(id);
    } catch (error) {
      this.#options.onFailure(error);
      return undefined;
    }
  }

  async #update(vm: Vm, change: Pick<VmRecord, "state"> & Partial<Pick<VmRecord, "machine">>): Promise<void> {
    const { machine: _former, ...rest } = vm.record;
    const record = { ...rest, ...change };
    await this.#store.write(record);
    vm.record = record;
    // Removed while this was written: the record must not come back.
    if (!this.#vms.has(record.vmId)) await this.#store.remove(record.vmId);
  }

  /** `why` is the end of a sentence for whoever still waits for something of it. */
  async #remove(vm: Vm, why: string): Promise<void> {
    const { vmId } = vm.record;
    this.#vms.delete(vmId);
    vm.end.abort(new PyroError("vm_not_found", `${vmId} ${why}`));
    await this.#endGuest(vm);
    await this.#store.remove(vmId);
  }

  #get(vmId: string): Vm {
    const vm = this.#vms.get(vmId);
    if (vm) return vm;
    const what = isVmId(vmId) ? "there is no guest with the id" : "not the id of a guest:";
    throw new PyroError("vm_not_found", `${what} ${vmId}`);
  }
}

/** A one-shot guest is gone with what it did: nobody could read a record of its connections. */
function networkOf({ network }: VmRecord): NetworkRequest | undefined {
  return network ? { recordFile: undefined } : undefined;
}
