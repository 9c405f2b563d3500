// What handlers work with: made once, when the daemon starts.

import type { EnvironmentStore } from "../environment/environment-store.js";
import type { Engine } from "../machine/engine.js";
import type { Settings } from "../platform/settings.js";
import type { GuestRegistry } from "../vm/guest-registry.js";
import type { CallRegistry } from "./call-registry.js";

export interface Services {
  readonly settings: Settings;
  readonly environments: EnvironmentStore;
  readonly engine: Engine;
  /** Without isolation: only by flag, and only when `engine` cannot start a guest. */
  readonly hostCompat: Engine;
  readonly guests: GuestRegistry;
  readonly calls: CallRegistry;
  /** Unix seconds. */
  readonly startedAt: number;
}
