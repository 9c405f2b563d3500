// The environment variables without which a server would look elsewhere than the user does: Codex, for one, hands
// its servers HOME, PATH and little more.

import { resolveSettings, type Settings } from "../platform/settings.js";

/** Variables that an entry of ours may have; others in it are the user's own. */
export const SERVER_VARIABLES = [
  "PYRO_STATE_DIR",
  "PYRO_CACHE_DIR",
  "PYRO_ENVIRONMENT_CACHE_DIR",
  "PYRO_GVISOR_PLATFORM",
  "PYRO_MAX_ACTIVE_VMS",
  "PYRO_POOL",
  "PYRO_NETWORK_ALLOW",
  "PYRO_CATALOG_REGISTRY",
  "PYRO_INSECURE_REGISTRIES",
] as const;

/** What differs from the settings of an environment with nothing but HOME. Directories are absolute. */
export function listServerVariables(
  settings: Settings,
  defaults: Settings = resolveSettings({}),
): Record<string, string> {
  const { stateDir, cacheDir, environmentCacheDir, gvisorPlatform, maxActiveVms, pool, networkAllow } =
    settings;
  const { catalogRegistry, insecureRegistries } = settings;
  return {
    ...(stateDir !== defaults.stateDir && { PYRO_STATE_DIR: stateDir }),
    ...(cacheDir !== defaults.cacheDir && { PYRO_CACHE_DIR: cacheDir }),
    ...(environmentCacheDir !== defaults.environmentCacheDir && {
      PYRO_ENVIRONMENT_CACHE_DIR: environmentCacheDir,
    }),
    ...(gvisorPlatform && { PYRO_GVISOR_PLATFORM: gvisorPlatform }),
    ...(maxActiveVms && { PYRO_MAX_ACTIVE_VMS: String(maxActiveVms) }),
    ...(catalogRegistry !== undefined && { PYRO_CATALOG_REGISTRY: catalogRegistry }),
    ...(insecureRegistries.length > 0 && { PYRO_INSECURE_REGISTRIES: insecureRegistries.join(",") }),
    ...(!pool && { PYRO_POOL: "0" }),
    ...(networkAllow.length > 0 && { PYRO_NETWORK_ALLOW: networkAllow.join(",") }),
  };
}
