// An engine whose guests are nothing but their bookkeeping: for what a real one cannot show at a chosen moment.

import { Socket } from "node:net";
import type { MachineId } from "../../../src/contract/ids.js";
import { GuestAgent } from "../../../src/guest/agent.js";
import type {
  Engine,
  Machine,
  MachineExit,
  MachineSpec,
  ParkedMachine,
  ParkingEngine,
} from "../../../src/machine/engine.js";

export type ClaimFault = "refuses" | "silent";

export class PlayedMachine implements Machine {
  readonly id: MachineId;
  readonly agent: GuestAgent;
  readonly engine = { name: "played", platform: "none", securityBoundary: true };
  readonly exited: Promise<MachineExit>;
  readonly loaded = Promise.resolve();
  removed = false;
  #exit: (exit: MachineExit) => void = () => undefined;

  constructor(id: MachineId, agent = new GuestAgent(new Socket())) {
    this.id = id;
    this.agent = agent;
    this.exited = new Promise((resolve) => (this.#exit = resolve));
  }

  /** Ends by itself. */
  die(): void {
    this.#exit({ reason: "ended", message: "the guest ended" });
    this.agent.close();
  }

  memoryBytes(): Promise<number> {
    return Promise.resolve(1024);
  }

  diskBytes(): Promise<number> {
    return Promise.resolve(4096);
  }

  kill(): Promise<void> {
    this.#exit({ reason: "removed", message: "the guest was removed" });
    this.agent.close();
    return Promise.resolve();
  }

  async remove(): Promise<void> {
    await this.kill();
    this.removed = true;
  }

  release(): void {
    this.agent.close();
  }
}

export class PlayedParked implements ParkedMachine {
  readonly id: MachineId;
  readonly spec: MachineSpec;
  readonly ended: Promise<void>;
  readonly loaded: Promise<void>;
  removed = false;
  fault: ClaimFault | undefined;
  isIdentified = false;
  readonly #identify: () => Promise<void>;
  #end: () => void = () => undefined;

  constructor(spec: MachineSpec, loaded: Promise<void>, identify: () => Promise<void>) {
    this.id = spec.id;
    this.spec = spec;
    this.loaded = loaded;
    this.#identify = identify;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Ends by itself. */
  die(): void {
    this.#end();
  }

  async claim(signal?: AbortSignal): Promise<Machine> {
    if (this.fault === "refuses") throw new Error("refused");
    if (this.fault === "silent") await untilAborted(signal);
    return new PlayedMachine(this.id);
  }

  warmUp(): Promise<void> {
    return Promise.resolve();
  }

  identify(): Promise<void> {
    this.isIdentified = true;
    return this.#identify();
  }

  memoryBytes(): Promise<number> {
    return Promise.resolve(1024);
  }

  remove(): Promise<void> {
    this.removed = true;
    return Promise.resolve();
  }
}

export class PlayedEngine implements ParkingEngine {
  readonly name = "played";
  readonly started: PlayedMachine[] = [];
  readonly parked: PlayedParked[] = [];
  /** Awaited by a start or a park that is under way. */
  beforeStart: (signal?: AbortSignal) => Promise<void> = () => Promise.resolve();
  beforePark: () => Promise<void> = () => Promise.resolve();
  /** Of a parked guest's layer. */
  load: () => Promise<void> = () => Promise.resolve();
  /** What becomes of a parked guest's identity. */
  identify: () => Promise<void> = () => Promise.resolve();
  makeAgent: () => Promise<GuestAgent> = () => Promise.resolve(new GuestAgent(new Socket()));

  probe(): ReturnType<Engine["probe"]> {
    return Promise.reject(new Error("not played"));
  }

  async start({ id }: MachineSpec, signal?: AbortSignal): Promise<Machine> {
    await this.beforeStart(signal);
    const machine = new PlayedMachine(id, await this.makeAgent());
    this.started.push(machine);
    return machine;
  }

  async park(spec: MachineSpec): Promise<ParkedMachine> {
    await this.beforePark();
    const parked = new PlayedParked(spec, this.load(), this.identify);
    this.parked.push(parked);
    return parked;
  }

  adopt(): Promise<Machine | undefined> {
    return Promise.resolve(undefined);
  }

  reap(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}

async function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  signal?.throwIfAborted();
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}
