// The whole of what an engine is. Nothing above this interface knows which engine runs.

import type { LayerId, MachineId } from "../contract/ids.js";
import type { GuestAgent } from "../guest/agent.js";

/**
 * The state of a guest's file system over its environment: all that differs from the environment's tree. Immutable.
 */
export interface Layer {
  /** Two layers with one id are the same. */
  readonly id: LayerId;
  /** `tar`: a plain tar of `./workspace/…`, made on the host. `capture`: what `Machine.capture` wrote. */
  readonly kind: "tar" | "capture";
  /** The tar file, or the directory of the capture. */
  readonly path: string;
}

/** What distinguishes guests: two of the same shape can stand in for each other until one is claimed. */
export interface MachineShape {
  /** The environment's root file system: shared by guests, never written. */
  readonly rootfsDir: string;
  readonly vcpuCount: number;
  readonly memMib: number;
  readonly diskMib: number;
  /** Absent: the environment as it is. */
  readonly layer?: Layer | undefined;
}

export interface MachineSpec extends MachineShape {
  readonly id: MachineId;
}

/** Where guests come from: an engine, or a pool in front of one. */
export interface MachineSource {
  start(shape: MachineShape, signal?: AbortSignal): Promise<Machine>;
}

/** Which engine runs a guest, as results show it. */
export interface EngineLabel {
  readonly name: string;
  readonly platform: string;
  /** False where the guest's code runs on the host's own kernel without isolation. */
  readonly securityBoundary: boolean;
}

export type ExitReason = "removed" | "ended" | "out_of_memory" | "killed";

export interface MachineExit {
  readonly reason: ExitReason;
  /** One sentence for people. */
  readonly message: string;
}

/** What made a capture. */
export interface CaptureInfo {
  /** Digest of the engine's programs: which build of them wrote the files. */
  readonly engineBuild: string;
}

/** What a guest can do for layers, claimed or parked. */
export interface LayeredGuest {
  /**
   * Resolves when everything of the layer that it was started on has been loaded; rejects with `layer_damaged` when
   * something is missing, and with `guest_died` when the guest ended before. Until then reads of the guest may fail.
   */
  readonly loaded: Promise<void>;
  /**
   * Writes the state of the file system into `directory`, which exists and is empty; the guest stands still for it and
   * runs on. What is there when this rejects is worthless. Absent: the engine cannot do it.
   */
  readonly capture?: (directory: string, signal?: AbortSignal) => Promise<CaptureInfo>;
}

/** What differs from the environment, for use elsewhere. */
export interface PortableGuest {
  /**
   * Writes it as a tar to `file`, which does not exist; deletions are marked as overlayfs marks them. Absent: the engine
   * cannot do it.
   */
  readonly exportChanges?: (file: string, signal?: AbortSignal) => Promise<void>;
}

/** A place for one more socket that the guest can dial, and nobody else's guest. Gone with the guest. */
export interface SocketPlace {
  /** Where a process of the host listens: short enough for a socket. */
  readonly path: string;
  /** What the guest's agent knows it by. */
  readonly name: string;
}

/** A running guest. Whoever holds it owns it, until `remove` or `release`. */
export interface Machine extends LayeredGuest, PortableGuest {
  readonly id: MachineId;
  readonly agent: GuestAgent;
  readonly engine: EngineLabel;
  /** For the guest's network. Absent: it has the host's own, or none can be had. */
  readonly networkSocket?: SocketPlace;
  /** Resolves once, when the guest is no more. */
  readonly exited: Promise<MachineExit>;
  /** Host memory that the guest costs now, bytes. */
  memoryBytes(): Promise<number>;
  /** Host disk that the guest's changes take now, bytes. */
  diskBytes(): Promise<number>;
  /** Ends the guest: nothing of it runs any more when this returns. What it has on the host stays until `remove`. */
  kill(): Promise<void>;
  /** Ends the guest and removes everything of it from the host. Repeating is harmless. */
  remove(): Promise<void>;
  /** Lets go of the guest without ending it: the next daemon adopts it. */
  release(): void;
}

/** A guest that runs and is nobody's yet: what the pool keeps. Whoever holds it owns it, until it is claimed. */
export interface ParkedMachine extends LayeredGuest {
  readonly id: MachineId;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<void>;
  /** Runs a program that does nothing, so that the guest's caches hold what every first command needs. */
  warmUp(): Promise<void>;
  /** Gives it its identity, so that the claim does not have to. Once, and after it was captured. */
  identify(signal?: AbortSignal): Promise<void>;
  /** Makes it somebody's, with an identity. After a failure it is good for nothing but removal. */
  claim(signal?: AbortSignal): Promise<Machine>;
  memoryBytes(): Promise<number>;
  remove(): Promise<void>;
}

export interface EngineReport {
  readonly name: string;
  /** Absent when no guest can start. */
  readonly platform: string | undefined;
  readonly version: string;
  readonly securityBoundary: boolean;
  readonly memoryLimit: "cgroup" | "watchdog";
  /** Digests of the programs that run guests; undefined when they are missing. */
  readonly build: { readonly engine: string; readonly agent: string } | undefined;
  /** Whether a guest really started on /dev/kvm. */
  readonly kvmBootsGuest: boolean;
  /** Why no guest can start; empty when one can. */
  readonly problems: readonly EngineProblem[];
}

export interface EngineProblem {
  readonly code: string;
  readonly message: string;
  /** The one command or act that cures it. */
  readonly hint: string;
  /** The end of the engine's log of the trial guest. */
  readonly log?: string | undefined;
}

export interface Engine {
  readonly name: string;
  /** Finds out, by starting a real guest within a deadline, whether and how guests run here. */
  probe(): Promise<EngineReport>;
  /** Starts a guest; returns when its agent is connected and has its identity. */
  start(spec: MachineSpec, signal?: AbortSignal): Promise<Machine>;
  /** Takes over a guest that a former daemon left; undefined when it is no more. */
  adopt(id: MachineId, signal?: AbortSignal): Promise<Machine | undefined>;
  /** Ends and removes every guest, process and file of this state that is not in `keep`. Returns their ids. */
  reap(keep: ReadonlySet<string>): Promise<readonly string[]>;
}

/** An engine whose guests can wait for their owner. */
export interface ParkingEngine extends Engine {
  /** Starts a guest without an identity, to be claimed later. */
  park(spec: MachineSpec, signal?: AbortSignal): Promise<ParkedMachine>;
}
