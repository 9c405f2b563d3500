// The SDK's calls about the host, its environments and one-shot guests.

import { Client } from "../client/client.js";
import { resolveSettings } from "../platform/settings.js";
import { call } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type {
  CreateVmOptions,
  DoctorOptions,
  ExecVmOptions,
  InspectEnvironmentOptions,
  PrepareOptions,
  PruneEnvironmentsOptions,
  PullEnvironmentOptions,
  RunInVmOptions,
  VmIdOptions,
} from "./gen/options.js";
import type { VmNetworkInfo } from "./gen/network-results.js";
import type {
  CommandResult,
  DeletedVm,
  DoctorReport,
  EnvironmentDetails,
  EnvironmentList,
  PrepareResult,
  PruneResult,
  PulledEnvironment,
  ReapResult,
  VmRecord,
} from "./gen/results.js";
import type { PyroOptions } from "./pyro-options.js";
import { Vm } from "./vm.js";

/** Where every {@link Pyro} begins: the client, and the calls that need no workspace. */
export abstract class GuestCalls {
  /** @internal */
  protected readonly client: Client;

  /** Starts nothing: the first call does. */
  constructor(options: PyroOptions = {}) {
    this.client = new Client(resolveSettings(undefined, options));
  }

  /**
   * Lists the environments that guests can be made of, and whether they are installed.
   *
   * @example
   * ```ts
   * const { environments } = await pyro.listEnvironments();
   * const installed = environments.filter((environment) => environment.installed);
   * ```
   */
  async listEnvironments(options: CallOptions = {}): Promise<EnvironmentList> {
    return call(this.client, "vm_list_environments", options);
  }

  /**
   * Installs an environment into the cache, which takes from seconds to minutes; one that is there and sound is left
   * as it is, a damaged one is replaced. Calls that start guests do it by themselves when it is needed.
   *
   * @throws {@link PyroError} `environment_not_found`, `source_unavailable`.
   *
   * @example
   * ```ts
   * await pyro.pullEnvironment({
   *   environment: "debian:12-build",
   *   onProgress: ({ phase }) => console.error(phase),
   * });
   * ```
   */
  async pullEnvironment(options: PullEnvironmentOptions): Promise<PulledEnvironment> {
    return call(this.client, "env_pull", options);
  }

  /**
   * Tells everything known about one environment: source, digest, packages with versions, size.
   *
   * @throws {@link PyroError} `environment_not_found`.
   */
  async inspectEnvironment(options: InspectEnvironmentOptions): Promise<EnvironmentDetails> {
    return call(this.client, "env_inspect", options);
  }

  /** Removes installs that are stale, partial or superseded; never one in use or being pulled. */
  async pruneEnvironments(options: PruneEnvironmentsOptions = {}): Promise<PruneResult> {
    return call(this.client, "env_prune", options);
  }

  /**
   * Runs one command in a fresh guest, which is gone when this resolves or rejects (after a cancellation, right
   * after). The result holds stdout and stderr up to 1 MiB each, head and tail; `onStdout` and `onStderr` get all of
   * it while the command runs.
   *
   * A command that fails or times out is a result with `exitCode`, `signal` and `timedOut`, not an error.
   *
   * @example
   * ```ts
   * const { stdout } = await pyro.runInVm({ command: ["wc", "-c"], stdin: "hello" });
   * ```
   */
  async runInVm(options: RunInVmOptions): Promise<CommandResult> {
    return call(this.client, "vm_run", options);
  }

  /**
   * Creates a one-shot guest for one command: nothing runs before {@link Vm.start} or {@link Vm.exec}. It is removed
   * after its command, at its disposal, or when its time to live is over, whichever comes first.
   * One whose creation was cancelled at the last moment has no handle and goes when its time is over.
   *
   * @example
   * ```ts
   * await using vm = await pyro.createVm({ environment: "debian:12", ttlSeconds: 3600 });
   * await vm.start();
   * const { exitCode } = await vm.exec({ command: "make test", timeoutSeconds: 600 });
   * ```
   */
  async createVm(options: CreateVmOptions = {}): Promise<Vm> {
    return new Vm(this, await call(this.client, "vm_create", options));
  }

  /**
   * Starts a created guest, so that its command begins without a wait. Starting one that runs is a success.
   *
   * @throws {@link PyroError} `vm_not_found`; `conflict` when it was stopped.
   */
  async startVm(options: VmIdOptions): Promise<VmRecord> {
    return call(this.client, "vm_start", options);
  }

  /**
   * Runs the one command of a created guest, which is started when need be and is gone afterwards, also after a
   * failure or a cancellation. Otherwise as {@link Pyro.runInVm}.
   *
   * @throws {@link PyroError} `vm_not_found`; `conflict` when it was stopped or runs its command already.
   */
  async execVm(options: ExecVmOptions): Promise<CommandResult> {
    return call(this.client, "vm_exec", options);
  }

  /**
   * Ends a guest and what runs in it. Its files are gone; its record stays until it is deleted or expires. Stopping a
   * stopped one is a success.
   *
   * @throws {@link PyroError} `vm_not_found`.
   */
  async stopVm(options: VmIdOptions): Promise<VmRecord> {
    return call(this.client, "vm_stop", options);
  }

  /**
   * Deletes a guest in any state; a command that runs in it is ended.
   *
   * @throws {@link PyroError} `vm_not_found`, also when it was deleted before: `await using` forgives that.
   */
  async deleteVm(options: VmIdOptions): Promise<DeletedVm> {
    return call(this.client, "vm_delete", options);
  }

  /**
   * Shows a guest's size, its state, and when it expires. Looking does not prolong its life.
   *
   * @throws {@link PyroError} `vm_not_found`.
   */
  async statusVm(options: VmIdOptions): Promise<VmRecord> {
    return call(this.client, "vm_status", options);
  }

  /**
   * Shows whether a guest has a network, and its addresses when it has.
   *
   * @throws {@link PyroError} `vm_not_found`.
   */
  async networkInfoVm(options: VmIdOptions): Promise<VmNetworkInfo> {
    return call(this.client, "vm_network_info", options);
  }

  /** Removes every one-shot guest whose time to live is over. This also happens by itself. */
  async reapExpired(options: CallOptions = {}): Promise<ReapResult> {
    return call(this.client, "vm_reap_expired", options);
  }

  /**
   * Checks item by item whether this host can run guests, the engine by starting one. What is wrong is in `issues`
   * with its cure, and no error.
   *
   * @example
   * ```ts
   * const { runtimeOk, issues } = await pyro.doctor();
   * if (!runtimeOk) for (const { message, hint } of issues) console.error(message, hint);
   * ```
   */
  async doctor(options: DoctorOptions = {}): Promise<DoctorReport> {
    return call(this.client, "doctor", options);
  }

  /**
   * Makes the next guests start in milliseconds: installs the environment, proves a guest by one throw-away create,
   * exec and delete, and parks one for the next caller. What is warm already is left as it is.
   *
   * @example
   * ```ts
   * await pyro.prepare({ environment: "debian:12" });
   * ```
   */
  async prepare(options: PrepareOptions = {}): Promise<PrepareResult> {
    return call(this.client, "prepare", options);
  }
}
