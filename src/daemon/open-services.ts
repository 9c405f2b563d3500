// Puts the daemon's parts together.

import { PackagesSource } from "../environment/packages-source.js";
import { EnvironmentStore } from "../environment/environment-store.js";
import { GvisorEngine } from "../machine/gvisor/gvisor-engine.js";
import { HostCompatEngine } from "../machine/host-compat/host-compat-engine.js";
import type { Settings } from "../platform/settings.js";
import type { StatePaths } from "../platform/state-paths.js";
import { GuestRegistry } from "../vm/guest-registry.js";
import { CallRegistry } from "./call-registry.js";
import type { Services } from "./services.js";

export function openServices(settings: Settings, paths: StatePaths): Services {
  const engine = new GvisorEngine({ paths, platform: settings.gvisorPlatform });
  return {
    settings,
    environments: new EnvironmentStore(settings.environmentCacheDir, [new PackagesSource()]),
    engine,
    hostCompat: new HostCompatEngine(paths),
    guests: new GuestRegistry({ stateDir: settings.stateDir, maxActive: settings.maxActiveVms }),
    calls: new CallRegistry(),
    startedAt: Date.now() / 1000,
  };
}
