// A workspace's guest while it lives: its files, its services, its end, and when it is captured for recovery.

import { PyroError, toPyroError } from "../contract/errors.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import type { Guest } from "../fleet/guest-registry.js";
import type { GuestFiles } from "../guest/files.js";
import { LiveServices, type LiveServicesParts } from "./services/live-services.js";
import { RecoveryKeeper, type RecoveryKeeperOptions } from "./recovery-keeper.js";
import { LiveShells } from "./shells/live-shells.js";

/** A shell that printed something so lately is at work. */
const PRINTING_MS = 4_000;

export class LiveGuest {
  readonly guest: Guest;
  readonly files: GuestFiles;
  readonly shells: LiveShells;
  readonly services: LiveServices;
  readonly #end = new AbortController();
  readonly #keeper: RecoveryKeeper | undefined;
  #loss: PyroError | undefined;

  constructor(
    guest: Guest,
    recovery: RecoveryKeeperOptions,
    services: Omit<LiveServicesParts, "agent" | "onFailure">,
  ) {
    this.guest = guest;
    this.files = guest.machine.agent.files(WORKSPACE_PATH);
    // The host itself cannot be captured.
    const isBusy = () => recovery.isBusy() || this.shells.hasPrintedWithin(PRINTING_MS);
    this.#keeper = guest.machine.capture && new RecoveryKeeper({ ...recovery, isBusy });
    this.shells = new LiveShells({
      shells: guest.machine.agent.shells,
      machineId: guest.machine.id,
      signal: this.#end.signal,
      onOutput: () => {
        // Each change puts the capture off: what prints without end must not do so for ever.
        if (!this.isDirty) this.changed();
      },
    });
    const { onFailure } = recovery;
    this.services = new LiveServices({ ...services, agent: guest.machine.agent, onFailure });
    void guest.machine.agent.closed.then(() => {
      this.#loss = new PyroError("guest_died", "the guest has died a moment ago");
    });
  }

  /** Its agent has hung up: it is dead, and why is being found out. */
  get loss(): PyroError | undefined {
    return this.#loss;
  }

  /** Something has changed that no layer holds. */
  get isDirty(): boolean {
    return this.#keeper?.isDirty ?? false;
  }

  /** Unix seconds: now while something runs that counts as activity; 0 when nothing ever has. */
  get lastActiveAt(): number {
    return this.shells.lastActiveAt;
  }

  changed(): void {
    this.#keeper?.changed();
  }

  stopCaptures(): void {
    this.#keeper?.stop();
  }

  /** Its life is over: what runs in it ends with this reason. The first reason counts. */
  end(reason: PyroError): void {
    this.stopCaptures();
    this.#end.abort(reason);
  }

  /** Runs `act` with a signal that aborts with the guest's life, too; the reason of that end is the error then. */
  async whileAlive<Result>(
    signal: AbortSignal,
    act: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const ended = this.#end.signal;
    try {
      return await act(AbortSignal.any([signal, ended]));
    } catch (thrown) {
      if (!ended.aborted || signal.aborted) throw thrown;
      // Why the guest's life ended says more than what it broke.
      const { code, message, hint } = toPyroError(ended.reason);
      throw new PyroError(code, message, { hint, details: toPyroError(thrown).details, cause: thrown });
    }
  }
}
