// Decides when a workspace's recovery layer is taken: when it has changed and is quiet, and not so often that it costs.

export interface RecoveryKeeperOptions {
  /** Takes the layer; the guest stands still for it. */
  readonly capture: () => Promise<void>;
  /** A command or a service runs. */
  readonly isBusy: () => boolean;
  /** Told of a capture that fails; the next change leads to another. */
  readonly onFailure: (error: unknown) => void;
  readonly quietMs?: number;
}

const QUIET_MS = 4_000;
/** A command that runs for long, or a service, is interrupted for a capture no more often. */
const BUSY_INTERVAL_MS = 300_000;
/** Captures together take less than a fiftieth of a workspace's time. */
const COST_FACTOR = 50;

export class RecoveryKeeper {
  readonly #options: RecoveryKeeperOptions;
  readonly #quietMs: number;
  #timer: NodeJS.Timeout | undefined;
  #dirty = false;
  #stopped = false;
  #endedMs: number;
  #costMs = 0;

  constructor(options: RecoveryKeeperOptions) {
    this.#options = options;
    this.#quietMs = options.quietMs ?? QUIET_MS;
    this.#endedMs = performance.now();
  }

  /** Something of the guest's may have changed. */
  changed(): void {
    this.#dirty = true;
    this.#arm(this.#quietMs);
  }

  get isDirty(): boolean {
    return this.#dirty;
  }

  /** What is captured elsewhere needs no layer of ours: at a stop, or when the daemon leaves. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#consider(), delayMs);
    this.#timer.unref();
  }

  #consider(): void {
    const elapsedMs = performance.now() - this.#endedMs;
    const earliestMs = Math.max(this.#costMs * COST_FACTOR, this.#options.isBusy() ? BUSY_INTERVAL_MS : 0);
    if (elapsedMs < earliestMs) this.#arm(Math.min(earliestMs - elapsedMs, BUSY_INTERVAL_MS));
    else void this.#capture();
  }

  async #capture(): Promise<void> {
    const startedMs = performance.now();
    this.#dirty = false;
    try {
      await this.#options.capture();
    } catch (error) {
      this.#dirty = true;
      this.#options.onFailure(error);
    }
    this.#endedMs = performance.now();
    this.#costMs = this.#endedMs - startedMs;
    // What runs goes on changing files, and nobody tells of that.
    if (this.#options.isBusy()) this.changed();
  }
}
