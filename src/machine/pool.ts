// Parked guests: one that waits for whoever wants a guest of the same shape, and is replaced in the background.

import { HOST_RESOURCES, type HostResources } from "../platform/host-resources.js";
import { newMachineId } from "./fresh-machines.js";
import type { Machine, MachineShape, MachineSource, ParkedMachine, ParkingEngine } from "./engine.js";
import { findShapeKey, nameShape } from "./shape-key.js";

export interface PoolOptions {
  readonly engine: ParkingEngine;
  /** False: nothing is ever parked, every guest is a fresh start. */
  readonly enabled: boolean;
  /** Told of what fails in the background; nobody waits for that. */
  readonly onFailure: (error: unknown) => void;
  /**
   * Awaited for each guest before it is offered: nobody has used it yet, and all of its layer is there. Its failure is
   * told and keeps no guest from being offered.
   */
  readonly onParked?: (shape: MachineShape, parked: ParkedMachine) => Promise<void>;
  readonly resources?: Pick<HostResources, "readTotalMemory" | "readAvailableMemory">;
}

export interface PoolStatus {
  readonly enabled: boolean;
  readonly parked: readonly {
    readonly id: string;
    readonly shape: MachineShape;
    readonly memoryBytes: number;
  }[];
  /** Guests that were claimed, and that had to be started, since the daemon started. */
  readonly hits: number;
  readonly misses: number;
}

interface Entry {
  readonly shape: MachineShape;
  readonly parked: ParkedMachine;
}

/** The shape used last, and the one before it: a session that changes between two projects. */
const MAX_PARKED = 2;
/** A claim takes a few milliseconds; a guest that does not answer by then is frozen or broken. */
const CLAIM_TIMEOUT_MS = 1_000;
/** A start takes the processor for a tenth of a second: the guest that was just claimed goes first. */
const REFILL_DELAY_MS = 150;
const PRESSURE_INTERVAL_MS = 5_000;
/** Nothing is parked, and what is parked goes, when the host has less than this left. */
const MIN_AVAILABLE_SHARE = 0.1;
const MIN_AVAILABLE_BYTES = 512 * 1024 * 1024;

export class MachinePool implements MachineSource {
  readonly #options: PoolOptions;
  /** By shape, the one used last at the end. */
  readonly #entries = new Map<string, Entry>();
  /** Shapes that were used since the last refill, the one used last at the end. */
  readonly #wanted = new Map<string, MachineShape>();
  readonly #refills = new Map<string, Promise<void>>();
  readonly #removals = new Set<Promise<void>>();
  readonly #pressureTimer: NodeJS.Timeout;
  #refillTimer: NodeJS.Timeout | undefined;
  #starting = 0;
  #hits = 0;
  #misses = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#pressureTimer = setInterval(() => {
      this.#shrinkUnderPressure().catch(options.onFailure);
    }, PRESSURE_INTERVAL_MS);
    this.#pressureTimer.unref();
  }

  /** A guest of this shape: the parked one where there is one that answers, else a fresh one. */
  async start(shape: MachineShape, signal?: AbortSignal): Promise<Machine> {
    this.#starting += 1;
    try {
      const machine = await this.#claimOrStart(shape, signal);
      // Not after a failure: on a damaged layer, say, no other guest would start either.
      this.#want(shape);
      return machine;
    } finally {
      this.#starting -= 1;
    }
  }

  /** Makes sure that a guest of this shape is parked; returns when it is, or cannot be now. */
  async prime(shape: MachineShape): Promise<void> {
    await this.#refill(shape);
  }

  /** Removes the parked guests that `isStale` names. */
  async evict(isStale: (shape: MachineShape) => boolean): Promise<void> {
    // One that is being parked counts as well.
    await Promise.all(this.#refills.values());
    for (const [key, entry] of this.#entries) if (isStale(entry.shape)) this.#drop(key);
    await Promise.all(this.#removals);
  }

  async status(): Promise<PoolStatus> {
    const parked = await Promise.all(
      [...this.#entries.values()].map(async ({ shape, parked }) => ({
        id: parked.id,
        shape,
        memoryBytes: await parked.memoryBytes(),
      })),
    );
    return { enabled: this.#options.enabled, parked, hits: this.#hits, misses: this.#misses };
  }

  /** Removes everything parked; nothing is parked any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#refillTimer);
    clearInterval(this.#pressureTimer);
    await this.evict(() => true);
  }

  async #claimOrStart(shape: MachineShape, signal: AbortSignal | undefined): Promise<Machine> {
    const claimed = await this.#claim(shape, signal);
    if (claimed) {
      this.#hits += 1;
      return claimed;
    }
    this.#misses += 1;
    return this.#options.engine.start({ id: newMachineId(), ...shape }, signal);
  }

  async #claim(shape: MachineShape, signal: AbortSignal | undefined): Promise<Machine | undefined> {
    const key = await findShapeKey(shape);
    const entry = key === undefined ? undefined : this.#entries.get(key);
    if (key === undefined || !entry) return undefined;
    this.#entries.delete(key);
    const deadline = AbortSignal.timeout(CLAIM_TIMEOUT_MS);
    try {
      return await entry.parked.claim(signal ? AbortSignal.any([signal, deadline]) : deadline);
    } catch (error) {
      this.#remove(entry.parked);
      signal?.throwIfAborted();
      this.#options.onFailure(error);
      return undefined;
    }
  }

  #want(shape: MachineShape): void {
    const name = nameShape(shape);
    this.#wanted.delete(name);
    this.#wanted.set(name, shape);
    this.#scheduleRefill();
  }

  #scheduleRefill(): void {
    if (this.#closed) return;
    clearTimeout(this.#refillTimer);
    this.#refillTimer = setTimeout(() => {
      // Many starts at once need the processor more than the one that may follow.
      if (this.#starting > 0) this.#scheduleRefill();
      else void this.#refillWanted();
    }, REFILL_DELAY_MS);
    this.#refillTimer.unref();
  }

  async #refillWanted(): Promise<void> {
    const shapes = [...this.#wanted.values()].slice(-MAX_PARKED);
    this.#wanted.clear();
    // Those that are there are not pushed out by the others, and remain in the order in which they were used.
    await this.#touchAll(shapes);
    // The one used last is the likeliest to be asked for while the other is still being parked.
    for (const shape of shapes.toReversed()) await this.#refill(shape);
    await this.#touchAll(shapes);
  }

  async #touchAll(shapes: readonly MachineShape[]): Promise<void> {
    for (const shape of shapes) {
      const key = await findShapeKey(shape);
      const entry = key === undefined ? undefined : this.#entries.get(key);
      if (key !== undefined && entry) this.#touch(key, entry);
    }
  }

  async #refill(shape: MachineShape): Promise<void> {
    const key = await findShapeKey(shape);
    if (key === undefined) return;
    const running = this.#refills.get(key);
    if (running) return running;
    const refill = this.#park(key, shape)
      .catch(this.#options.onFailure)
      .finally(() => this.#refills.delete(key));
    this.#refills.set(key, refill);
    return refill;
  }

  async #park(key: string, shape: MachineShape): Promise<void> {
    await this.#dropOutdated();
    const present = this.#entries.get(key);
    if (present) {
      this.#touch(key, present);
      return;
    }
    if (!this.#mayPark() || this.#isMemoryShort()) return;
    const parked = await this.#options.engine.park({ id: newMachineId(), ...shape });
    try {
      // A claim must be sound at once: nobody would look again whether something of the layer is missing.
      await parked.loaded;
      await parked.warmUp();
      await this.#options.onParked?.(shape, parked).catch(this.#options.onFailure);
      await parked.identify();
    } catch (error) {
      this.#remove(parked);
      throw error;
    }
    if (!this.#mayPark()) {
      this.#remove(parked);
      return;
    }
    const entry = { shape, parked };
    this.#touch(key, entry);
    void parked.ended.then(() => {
      // Whoever claims or drops it takes it out first: what is still here has died by itself.
      if (this.#entries.get(key) === entry) this.#drop(key);
    });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_PARKED && oldest !== undefined) this.#drop(oldest);
  }

  /** Those whose environment is gone, or was replaced in its place: nobody will ask for them again. */
  async #dropOutdated(): Promise<void> {
    for (const [key, { shape }] of this.#entries) if ((await findShapeKey(shape)) !== key) this.#drop(key);
  }

  #mayPark(): boolean {
    return this.#options.enabled && !this.#closed;
  }

  #touch(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry) this.#remove(entry.parked);
  }

  #remove(parked: ParkedMachine): void {
    const removal: Promise<void> = parked
      .remove()
      .catch(this.#options.onFailure)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  async #shrinkUnderPressure(): Promise<void> {
    if (this.#entries.size > 0 && this.#isMemoryShort()) await this.evict(() => true);
  }

  #isMemoryShort(): boolean {
    const { resources = HOST_RESOURCES } = this.#options;
    const floor = Math.max(MIN_AVAILABLE_BYTES, resources.readTotalMemory() * MIN_AVAILABLE_SHARE);
    return resources.readAvailableMemory() < floor;
  }
}
