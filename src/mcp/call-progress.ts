// Tells the client how a call goes on, when it has asked for that: so that it does not give the call up.

import type { OnEvent, ProgressEvent } from "../contract/events.js";
import { neutralise } from "../contract/untrusted-text.js";

/** Clients give up after as little as a minute without a word; this is well below it. */
const HEARTBEAT_MS = 10_000;
/** Phases that move on, such as a download, are told no more often. */
const PACE_MS = 1_000;

export interface ProgressNote {
  /** Grows with each note, as the protocol demands: seconds since the call began. */
  readonly progress: number;
  readonly message: string;
}

export class CallProgress {
  readonly #send: (note: ProgressNote) => void;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastProgress = 0;
  #outputBytes = 0;

  constructor(send: (note: ProgressNote) => void) {
    this.#send = send;
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  readonly onEvent: OnEvent = (event) => {
    if (event.type !== "progress") this.#outputBytes += event.data.length;
    else if (!event.done || performance.now() - this.#lastMs >= PACE_MS) this.#tell(describe(event));
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    if (performance.now() - this.#lastMs < HEARTBEAT_MS / 2) return;
    const seconds = Math.round((performance.now() - this.#startedMs) / 1000);
    this.#tell(`running for ${seconds} s, ${this.#outputBytes} bytes of output`);
  }

  #tell(message: string): void {
    this.#lastMs = performance.now();
    const seconds = Math.round(this.#lastMs - this.#startedMs) / 1000;
    this.#lastProgress = Math.max(seconds, this.#lastProgress + 0.001);
    this.#send({ progress: this.#lastProgress, message });
  }
}

function describe({ tag, fields, done }: ProgressEvent): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const amount = done
    ? [`${done.current}${done.total === undefined ? "" : `/${done.total}`} ${done.unit}`]
    : [];
  return neutralise([`[${tag}]`, ...words, ...amount].join(" "));
}
