// What handlers work with: made once, when the daemon starts.

import type { EnvironmentStore } from "../environment/environment-store.js";
import type { Engine } from "../machine/engine.js";
import type { MachinePool } from "../machine/pool.js";
import type { GuestNetworks } from "../network/guest-networks.js";
import type { Settings } from "../platform/settings.js";
import type { GuestRegistry } from "../fleet/guest-registry.js";
import type { PreparationStore } from "../vm/preparation.js";
import type { Vms } from "../vm/vms.js";
import type { ExportJournal } from "../workspace/export-journal.js";
import type { Workspaces, WorkspacesOptions } from "../workspace/workspaces.js";
import type { CallRegistry } from "./call-registry.js";

export interface Services {
  readonly settings: Settings;
  readonly environments: EnvironmentStore;
  readonly engine: Engine;
  /** Without isolation: only by flag, and only when `engine` cannot start a guest. */
  readonly hostCompat: Engine;
  /** Parked guests in front of `engine`. */
  readonly pool: MachinePool;
  readonly guests: GuestRegistry;
  readonly networks: GuestNetworks;
  readonly vms: Vms;
  readonly workspaces: Workspaces;
  /** What the workspaces are kept in. */
  readonly workspaceParts: WorkspacesOptions;
  readonly exports: ExportJournal;
  readonly preparations: PreparationStore;
  readonly calls: CallRegistry;
  /** Unix seconds. */
  readonly startedAt: number;
}
