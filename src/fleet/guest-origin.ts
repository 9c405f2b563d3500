// Where a guest comes from: an installed environment and the pool; or, by flag and in need, the host itself.

import { type PyroError, toPyroError } from "../contract/errors.js";
import type { EnvironmentStore } from "../environment/environment-store.js";
import type { OnPullProgress } from "../environment/progress.js";
import type { Engine, MachineSource } from "../machine/engine.js";
import { engineUnavailable } from "../machine/engine-unavailable.js";
import { freshMachines } from "../machine/fresh-machines.js";

/** What a guest is made of. */
export interface GuestEnvironment {
  readonly name: string;
  readonly version: string;
  readonly rootfsDir: string;
  /** What its image runs by itself; absent when that is nothing. */
  readonly ownCommand?: readonly string[] | undefined;
}

export interface GuestOrigin {
  readonly source: MachineSource;
  readonly environment: GuestEnvironment;
  /** False: the host itself, without isolation. */
  readonly isIsolated: boolean;
}

/** Where guests are made: with an engine of their own, or on the host without isolation. */
export interface OriginParts {
  readonly environments: EnvironmentStore;
  readonly engine: Engine;
  /** In front of `engine`. */
  readonly pool: MachineSource;
  readonly hostCompat: Engine;
}

export interface OriginRequest {
  readonly environment: string;
  readonly allowHostCompat: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnPullProgress;
}

/**
 * Installs the environment when it is missing. The host itself is chosen only when the caller allows it and no guest
 * can start; when that is not allowed, this fails and says why, before an environment is pulled for nothing.
 */
export async function resolveGuestOrigin(parts: OriginParts, request: OriginRequest): Promise<GuestOrigin> {
  const obstacle = await findObstacle(parts.engine);
  if (obstacle && !request.allowHostCompat) throw obstacle;
  if (obstacle) {
    const { name, version } = parts.environments.describe(request.environment);
    return {
      source: freshMachines(parts.hostCompat),
      environment: { name, version, rootfsDir: "/" },
      isIsolated: false,
    };
  }
  const { signal, onProgress } = request;
  const environment = await parts.environments.ensure(request.environment, { signal, onProgress });
  return { source: parts.pool, environment, isIsolated: true };
}

/** Why no guest can start; undefined when one can. */
async function findObstacle(engine: Engine): Promise<PyroError | undefined> {
  return engine
    .probe()
    .then(({ platform, problems }) => (platform ? undefined : engineUnavailable(problems)), toPyroError);
}
