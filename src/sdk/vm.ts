// The handle of one one-shot guest.

import { PyroError } from "../contract/errors.js";
import type { CallOptions } from "./call-options.js";
import type { ExecVmOptions } from "./gen/options.js";
import type { VmNetworkInfo } from "./gen/network-results.js";
import type { CommandResult, DeletedVm, VmRecord } from "./gen/results.js";
import type { GuestCalls } from "./guest-calls.js";

/**
 * A one-shot guest that {@link Pyro.createVm} made: {@link Vm.exec} runs its one command, after which it is gone.
 * With `await using` it is gone at the end of the block in any case.
 *
 * The guest lives in the daemon, not in this object: a handle that is dropped leaves it running until its time to
 * live is over, and other processes reach it by its {@link Vm.vmId}.
 *
 * @example
 * ```ts
 * await using vm = await pyro.createVm({ memMib: 2048 });
 * await vm.start();
 * const { stdout } = await vm.exec({ command: ["uname", "-r"] });
 * ```
 */
export class Vm implements AsyncDisposable {
  readonly #pyro: GuestCalls;
  #record: VmRecord;

  /** @internal Made by {@link Pyro.createVm}. */
  constructor(pyro: GuestCalls, record: VmRecord) {
    this.#pyro = pyro;
    this.#record = record;
  }

  /** Id of the guest, `vm_…`. */
  get vmId(): string {
    return this.#record.vmId;
  }

  /** The guest as this handle saw it last: at creation, or at its latest start, stop or status. */
  get record(): Readonly<VmRecord> {
    return this.#record;
  }

  /** {@link Pyro.startVm} of this guest. */
  async start(options: CallOptions = {}): Promise<VmRecord> {
    return (this.#record = await this.#pyro.startVm({ ...options, vmId: this.vmId }));
  }

  /** {@link Pyro.execVm} in this guest, which is gone afterwards. */
  async exec(options: Omit<ExecVmOptions, "vmId">): Promise<CommandResult> {
    return this.#pyro.execVm({ ...options, vmId: this.vmId });
  }

  /** {@link Pyro.stopVm} of this guest. */
  async stop(options: CallOptions = {}): Promise<VmRecord> {
    return (this.#record = await this.#pyro.stopVm({ ...options, vmId: this.vmId }));
  }

  /** {@link Pyro.deleteVm} of this guest. */
  async delete(options: CallOptions = {}): Promise<DeletedVm> {
    return this.#pyro.deleteVm({ ...options, vmId: this.vmId });
  }

  /** {@link Pyro.statusVm} of this guest. */
  async status(options: CallOptions = {}): Promise<VmRecord> {
    return (this.#record = await this.#pyro.statusVm({ ...options, vmId: this.vmId }));
  }

  /** {@link Pyro.networkInfoVm} of this guest. */
  async networkInfo(options: CallOptions = {}): Promise<VmNetworkInfo> {
    return this.#pyro.networkInfoVm({ ...options, vmId: this.vmId });
  }

  /** Deletes the guest; one that is gone already is a success. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.delete();
    } catch (error) {
      if (!(error instanceof PyroError && error.code === "vm_not_found")) throw error;
    }
  }
}
