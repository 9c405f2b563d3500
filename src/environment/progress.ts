// What a pull tells while it runs.

import type { ProgressEvent } from "../contract/events.js";

export interface PullProgress {
  /** The first is `install`, the last `ready`. */
  readonly phase: "install" | "lock" | "source" | "registry" | "verify" | "ready";
  readonly fields: Readonly<Record<string, string | number>>;
  /** As in ProgressEvent: present while the phase moves on, and then not a line of its own. */
  readonly done?: ProgressEvent["done"];
}

export type OnPullProgress = (progress: PullProgress) => void;
