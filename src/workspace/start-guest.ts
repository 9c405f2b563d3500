// Starts the guest of a workspace on a state of its file system.

import { access } from "node:fs/promises";
import { PyroError, toPyroError } from "../contract/errors.js";
import type { LayerId } from "../contract/ids.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import type { Guest, GuestRegistry } from "../fleet/guest-registry.js";
import type { Layer, MachineSource } from "../machine/engine.js";
import type { LayerStore } from "../machine/layers/layer-store.js";
import { hasDeferredFiles, type Baselines } from "./baselines.js";
import { requestNetwork } from "./request-network.js";
import { allChanges } from "./seed-changes.js";
import type { SeedStore } from "../seed/seed-store.js";
import type { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import type { OriginLayer, WorkspaceRecord } from "./workspace-record.js";
import type { WorkspaceStore } from "./workspace-store.js";

export interface StartParts {
  readonly store: WorkspaceStore;
  readonly guests: GuestRegistry;
  readonly layers: LayerStore;
  readonly seeds: SeedStore;
  readonly baselines: Baselines;
  /** Where the guest of a workspace comes from: the pool, or the host itself. */
  readonly resolveSource: (record: WorkspaceRecord) => MachineSource;
}

export interface StartRequest {
  /** Its life is the one that begins, or goes on. */
  readonly record: WorkspaceRecord;
  readonly from: OriginLayer;
  /** The layer in words, for errors: `snapshot tested`. */
  readonly what: string;
  readonly replaces: Guest | undefined;
  readonly secrets: WorkspaceSecrets;
  readonly signal: AbortSignal;
}

/** Returns when the guest is up and everything of its layer is there. */
export async function startGuest(parts: StartParts, request: StartRequest): Promise<Guest> {
  const { record, from, replaces, signal } = request;
  const { id, environment, vcpuCount, memMib } = record;
  const isIsolated = record.engine.securityBoundary;
  const origin = { source: parts.resolveSource(record), environment, isIsolated };
  using hold = isIsolated ? await openLayer(parts, request) : undefined;
  const network = await requestNetwork(parts.store, record);
  const guest = await parts.guests
    .start(id, { origin, size: { vcpuCount, memMib }, layer: hold?.layer, network, replaces }, signal)
    .catch(async (error: unknown) => {
      throw (await findLostEnvironment(record, error)) ?? describeDamage(error, request);
    });
  try {
    if (!isIsolated) await seedHost(parts.seeds, record, from, guest, signal);
    await guest.machine.loaded;
    await request.secrets.give(guest.machine.agent, signal);
    return guest;
  } catch (error) {
    await parts.guests.remove(guest);
    throw describeDamage(error, request);
  }
}

interface HeldLayer extends Disposable {
  readonly layer: Layer | undefined;
}

async function openLayer(parts: StartParts, request: StartRequest): Promise<HeldLayer> {
  const { record, from } = request;
  try {
    if (from.kind === "captured") return await openCaptured(parts.layers, from.id);
    const layer = await openBaseline(parts, record);
    return { layer, [Symbol.dispose]: () => undefined };
  } catch (error) {
    throw describeDamage(error, request);
  }
}

async function openCaptured(layers: LayerStore, id: LayerId): Promise<HeldLayer> {
  const lease = layers.lease(id);
  try {
    return { layer: await layers.open(id), [Symbol.dispose]: () => lease[Symbol.dispose]() };
  } catch (error) {
    lease[Symbol.dispose]();
    throw error;
  }
}

async function openBaseline(
  { seeds, baselines }: StartParts,
  { seed, environment }: WorkspaceRecord,
): Promise<Layer | undefined> {
  if (seed.digest === undefined) return undefined;
  const frozen = await seeds.open(seed.digest);
  if (hasDeferredFiles(frozen) && !(await baselines.isCaptured(frozen, environment.rootfsDir))) {
    throw new PyroError("layer_damaged", "the capture that holds the seed's large files is gone");
  }
  return baselines.layerOf(frozen, environment.rootfsDir);
}

/** On the host itself there are no layers: the files of the baseline are written one by one. */
async function seedHost(
  seeds: SeedStore,
  { seed }: WorkspaceRecord,
  from: OriginLayer,
  guest: Guest,
  signal: AbortSignal,
): Promise<void> {
  if (from.kind === "captured") throw new PyroError("internal", "the host has no captured layers");
  const changes = seed.digest === undefined ? [] : allChanges(await seeds.open(seed.digest), []);
  await guest.machine.agent.files(WORKSPACE_PATH).apply(changes, signal);
}

/** Whoever empties a cache by hand takes the environments of workspaces away: the engine only says that it cannot start. */
async function findLostEnvironment(
  { environment }: WorkspaceRecord,
  cause: unknown,
): Promise<PyroError | undefined> {
  const { name, rootfsDir } = environment;
  const isThere = await access(rootfsDir).then(
    () => true,
    () => false,
  );
  if (isThere) return undefined;
  return new PyroError(
    "environment_damaged",
    `the environment ${name} of this workspace is gone: ${rootfsDir}`,
    {
      hint: `\`pyro env pull ${name}\` brings it back where nothing in it has changed since; else start a new workspace.`,
      cause,
    },
  );
}

function describeDamage(thrown: unknown, { what }: StartRequest): PyroError {
  const error = toPyroError(thrown);
  if (error.code !== "layer_damaged") return error;
  return new PyroError("layer_damaged", `the ${what} is damaged: ${error.message}`, {
    details: { ...error.details, layer: what },
    cause: error,
  });
}
