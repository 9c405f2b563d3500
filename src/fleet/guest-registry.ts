// The guests that run now, and who may start one more.

import { setTimeout } from "node:timers/promises";
import { PyroError } from "../contract/errors.js";
import type { VmId, WorkspaceId } from "../contract/ids.js";
import { DISK_MIB } from "../contract/limits.js";
import type { Layer, Machine, MachineShape } from "../machine/engine.js";
import type { GuestNetwork } from "../network/guest-network.js";
import { refuseOnHost, type GuestNetworks, type NetworkRequest } from "../network/guest-networks.js";
import type { GuestEnvironment, GuestOrigin } from "./guest-origin.js";
import { HOST_RESOURCES, type HostResources } from "../platform/host-resources.js";

export type GuestOwnerId = VmId | WorkspaceId;

export interface Guest {
  /** What its user knows it by. */
  readonly ownerId: GuestOwnerId;
  readonly machine: Machine;
  readonly environment: GuestEnvironment;
  /** Absent: it has no interface but loopback. */
  readonly network?: GuestNetwork | undefined;
  /** Unix seconds. */
  readonly startedAt: number;
}

export interface GuestSize {
  readonly vcpuCount: number;
  readonly memMib: number;
}

/** What a start needs to know. */
export interface GuestRequest {
  readonly origin: GuestOrigin;
  readonly size: GuestSize;
  /** What its file system is, over the environment; absent: the environment as it is. */
  readonly layer?: Layer | undefined;
  /** Absent: no interface but loopback. */
  readonly network?: NetworkRequest | undefined;
  /** A guest that goes as soon as this one stands: it does not count against the cap. */
  readonly replaces?: Guest | undefined;
}

export interface GuestRegistryOptions {
  readonly stateDir: string;
  /** Undefined: from the host's memory. */
  readonly maxActive: number | undefined;
  readonly resources?: HostResources;
  readonly networks: Pick<GuestNetworks, "open" | "adopt">;
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
}

const MIB = 1024 * 1024;
/** Host memory that the default cap reckons for a guest; a guest takes what it uses, not its limit. */
const TYPICAL_GUEST_BYTES = 512 * MIB;
const MIN_DEFAULT_ACTIVE = 4;
/** A guest needs about 40 MiB to start; below this the host itself is in trouble. */
const MIN_AVAILABLE_MEMORY_BYTES = 192 * MIB;
/** A removal takes the processor for some 40 ms: the first command of the guest that takes its place goes first. */
const REMOVAL_DELAY_MS = 100;
const MIN_FREE_DISK_BYTES = 64 * MIB;

export class GuestRegistry {
  readonly maxActive: number;
  readonly #options: GuestRegistryOptions;
  readonly #resources: HostResources;
  readonly #guests = new Set<Guest>();
  readonly #removals = new Set<Promise<void>>();
  readonly #starting = new Set<GuestOrigin>();

  constructor(options: GuestRegistryOptions) {
    this.#options = options;
    this.#resources = options.resources ?? HOST_RESOURCES;
    const reckoned = Math.floor(this.#resources.readTotalMemory() / TYPICAL_GUEST_BYTES);
    this.maxActive = options.maxActive ?? Math.max(MIN_DEFAULT_ACTIVE, reckoned);
  }

  list(): readonly Guest[] {
    return [...this.#guests];
  }

  /** Starts a guest, with its network. It is listed until it is removed or ends. */
  async start(ownerId: GuestOwnerId, request: GuestRequest, signal?: AbortSignal): Promise<Guest> {
    const { origin, size, layer, replaces } = request;
    if (request.network && !origin.isIsolated) throw refuseOnHost();
    this.#checkCap(replaces);
    const { source, environment } = origin;
    this.#starting.add(origin);
    try {
      await this.#checkHost();
      const machine = await source.start(shapeOf(environment, size, layer), signal);
      return this.#list(ownerId, machine, environment, await this.#openNetwork(machine, request, signal));
    } finally {
      this.#starting.delete(origin);
    }
  }

  /** Takes over a guest that a former daemon has left, with its network. */
  async adopt(
    ownerId: GuestOwnerId,
    machine: Machine,
    environment: GuestEnvironment,
    network: NetworkRequest | undefined,
  ): Promise<Guest> {
    const adopted = network && (await this.#options.networks.adopt(machine, network));
    return this.#list(ownerId, machine, environment, adopted);
  }

  /**
   * Ends a guest. Nothing of it runs any more when this returns; its files and cgroups are taken away while nobody
   * has to wait for that.
   */
  async remove(guest: Guest): Promise<void> {
    await guest.machine.kill();
    this.#guests.delete(guest);
    this.#clear(guest);
  }

  /** Waits until everything of the removed guests is gone from the host. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals);
  }

  /** Whether a guest runs on this root file system, or is about to. */
  usesRootfs(rootfsDir: string): boolean {
    return [...this.#guests, ...this.#starting].some(
      ({ environment }) => environment.rootfsDir === rootfsDir,
    );
  }

  /** Takes away what a dead guest has left on the host; nobody waits for it. */
  #clear({ machine, network }: Guest): void {
    const removal: Promise<void> = setTimeout(REMOVAL_DELAY_MS)
      .then(() => Promise.all([machine.remove(), network?.close()]))
      .then(() => undefined, this.#options.onFailure)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #list(
    ownerId: GuestOwnerId,
    machine: Machine,
    environment: GuestEnvironment,
    network: GuestNetwork | undefined,
  ): Guest {
    const guest = { ownerId, machine, environment, network, startedAt: Date.now() / 1000 };
    this.#guests.add(guest);
    void machine.exited.then(({ reason }) => {
      this.#guests.delete(guest);
      // Else it was let go of, or whoever has removed it does the same.
      if (reason !== "removed") this.#clear(guest);
    });
    return guest;
  }

  /** When the guest has all of its files: the agent writes into them where names are resolved. */
  async #openNetwork(
    machine: Machine,
    { network }: GuestRequest,
    signal: AbortSignal | undefined,
  ): Promise<GuestNetwork | undefined> {
    if (!network) return undefined;
    try {
      await machine.loaded;
      return await this.#options.networks.open(machine, network, signal);
    } catch (error) {
      await machine.remove();
      throw error;
    }
  }

  #checkCap(replaces: Guest | undefined): void {
    const leaving = replaces && this.#guests.has(replaces) ? 1 : 0;
    if (this.#guests.size - leaving + this.#starting.size < this.maxActive) return;
    throw new PyroError(
      "vm_limit_reached",
      `as many guests run already as are allowed at once: ${this.maxActive}`,
      {
        details: { max_active: this.maxActive, ids: this.list().map(({ ownerId }) => ownerId) },
      },
    );
  }

  // Refusing in words beats a guest, or the host, that dies half-way.
  async #checkHost(): Promise<void> {
    const availableBytes = this.#resources.readAvailableMemory();
    if (availableBytes < MIN_AVAILABLE_MEMORY_BYTES) {
      throw new PyroError(
        "out_of_memory",
        `the host has only ${Math.floor(availableBytes / MIB)} MiB of memory left`,
      );
    }
    const freeBytes = await this.#resources.readFreeDisk(this.#options.stateDir);
    if (freeBytes < MIN_FREE_DISK_BYTES) {
      throw new PyroError(
        "out_of_disk",
        `${this.#options.stateDir} has only ${Math.floor(freeBytes / MIB)} MiB left`,
      );
    }
  }
}

/** What a guest of this environment and size looks like to an engine. */
export function shapeOf(
  environment: GuestEnvironment,
  { vcpuCount, memMib }: GuestSize,
  layer?: Layer,
): MachineShape {
  return { rootfsDir: environment.rootfsDir, vcpuCount, memMib, diskMib: DISK_MIB, layer };
}
