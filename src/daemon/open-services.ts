// Puts the daemon's parts together.

import path from "node:path";
import { toPyroError } from "../contract/errors.js";
import { EnvironmentStore } from "../environment/environment-store.js";
import { OciSource } from "../environment/image/oci-source.js";
import { PackagesSource } from "../environment/packages-source.js";
import { GvisorEngine } from "../machine/gvisor/gvisor-engine.js";
import { HostCompatEngine } from "../machine/host-compat/host-compat-engine.js";
import { freshMachines } from "../machine/fresh-machines.js";
import { LayerStore } from "../machine/layers/layer-store.js";
import { MachinePool, type PoolOptions } from "../machine/pool.js";
import { parseAllowedRanges } from "../network/allowed-ranges.js";
import { GuestNetworks } from "../network/guest-networks.js";
import type { Settings } from "../platform/settings.js";
import type { StatePaths } from "../platform/state-paths.js";
import { resolveGuestOrigin } from "../fleet/guest-origin.js";
import { GuestRegistry } from "../fleet/guest-registry.js";
import { PreparationStore } from "../vm/preparation.js";
import { VmStore } from "../vm/vm-store.js";
import { Vms } from "../vm/vms.js";
import { SeedStore } from "../seed/seed-store.js";
import { Baselines } from "../workspace/baselines.js";
import { ExportJournal } from "../workspace/export-journal.js";
import { SecretStore } from "../workspace/secrets/secret-store.js";
import { HostPorts } from "../workspace/services/host-ports.js";
import type { WorkspaceRecord } from "../workspace/workspace-record.js";
import { WorkspaceStore } from "../workspace/workspace-store.js";
import { Workspaces } from "../workspace/workspaces.js";
import { CallRegistry } from "./call-registry.js";
import type { Log } from "./log.js";
import type { Services } from "./services.js";

export function openServices(settings: Settings, paths: StatePaths, log: Log): Services {
  const engine = new GvisorEngine({
    paths,
    platform: settings.gvisorPlatform,
    onWarning: (message) => log.write("guest_warning", { message }),
  });
  // What fails in the background: nobody waits for it, but somebody may look for it.
  const onFailure = (error: unknown) =>
    log.write("background_failure", { message: toPyroError(error).message });
  const { stateDir } = settings;
  const layers = new LayerStore(stateDir);
  const baselines = new Baselines({ stateDir, layers });
  const onParked: PoolOptions["onParked"] = (shape, parked) => baselines.onParked(shape, parked);
  const origins = {
    environments: new EnvironmentStore(
      settings.environmentCacheDir,
      [new PackagesSource(), new OciSource({ insecureHosts: settings.insecureRegistries })],
      settings.catalogRegistry,
    ),
    engine,
    pool: new MachinePool({ engine, enabled: settings.pool, onFailure, onParked }),
    hostCompat: new HostCompatEngine(paths),
  };
  const allow = parseAllowedRanges(settings.networkAllow);
  const networks = new GuestNetworks({ stateDir, allow, onFailure });
  const guests = new GuestRegistry({
    stateDir: settings.stateDir,
    maxActive: settings.maxActiveVms,
    networks,
    onFailure,
  });
  const vms = new Vms({
    guests,
    store: new VmStore(settings.stateDir),
    resolveOrigin: ({ environment, allowHostCompat }, signal) =>
      resolveGuestOrigin(origins, { environment, allowHostCompat, signal, onProgress: () => undefined }),
    onFailure,
  });
  const workspaceParts = {
    store: new WorkspaceStore(stateDir),
    secretStore: new SecretStore(stateDir),
    guests,
    layers,
    seeds: new SeedStore({ stateDir, ownDirs: [settings.environmentCacheDir] }),
    baselines,
    hostPorts: new HostPorts(),
    scratchDir: path.join(stateDir, "scratch"),
    resolveSource: ({ engine: { securityBoundary } }: WorkspaceRecord) =>
      securityBoundary ? origins.pool : freshMachines(origins.hostCompat),
    onFailure,
  };
  return {
    settings,
    ...origins,
    guests,
    networks,
    vms,
    workspaces: new Workspaces(workspaceParts),
    workspaceParts,
    exports: new ExportJournal(stateDir),
    preparations: new PreparationStore(settings.cacheDir),
    calls: new CallRegistry(),
    startedAt: Date.now() / 1000,
  };
}
