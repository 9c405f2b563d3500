// Makes a workspace: the seed frozen, a guest started on it, the record written. Before the record there is nothing
// that a crash could leave behind: guests and layers of no record are removed.

import { PyroError, toPyroError } from "../contract/errors.js";
import { WORKSPACE_PATH } from "../contract/limits.js";
import type { WorkspaceId } from "../contract/ids.js";
import type { NetworkPolicy } from "../contract/network.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import type { Guest, GuestSize } from "../fleet/guest-registry.js";
import type { FreezeProgress, FrozenSeed } from "../seed/seed-store.js";
import { History } from "./history.js";
import { requestNetwork } from "./request-network.js";
import { readSecrets, type SecretSource } from "./secrets/read-secrets.js";
import { isRedacted } from "./secrets/secret.js";
import { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import { allChanges, deferredChanges } from "./seed-changes.js";
import { Workspace, type WorkspaceParts } from "./workspace.js";
import type { SeedRecord, WorkspaceRecord } from "./workspace-record.js";

export interface CreateInput extends GuestSize {
  readonly origin: GuestOrigin;
  /** Absolute path on the host; undefined: an empty workspace. */
  readonly seedPath: string | undefined;
  readonly name: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly ttlSeconds: number;
  readonly allowHostCompat: boolean;
  readonly networkPolicy: NetworkPolicy;
  readonly secrets: readonly SecretSource[];
}

export interface CreateContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FreezeProgress) => void | Promise<void>;
}

const FIRST_LIFE = 0;

const EMPTY_SEED: SeedRecord = {
  mode: "empty",
  originKind: "empty",
  entryCount: 0,
  contentBytes: 0,
  skipped: [],
  skippedCount: 0,
};

export async function createWorkspace(
  parts: WorkspaceParts,
  id: WorkspaceId,
  input: CreateInput,
  context: CreateContext,
): Promise<Workspace> {
  const { seedPath, origin, ...rest } = input;
  const values = await readSecrets(input.secrets);
  if (values.length > 0 && !origin.isIsolated) throw refuseSecretsOnHost();
  const secrets = new WorkspaceSecrets(values);
  const frozen = seedPath === undefined ? undefined : await parts.seeds.freeze({ path: seedPath }, context);
  const guest = await startSeeded(parts, id, input, frozen, context.signal);
  try {
    await secrets.give(guest.machine.agent, context.signal);
    if (values.length > 0) await parts.secretStore.write(id, values);
    const now = Date.now() / 1000;
    const { rootfsDir } = origin.environment;
    const record: WorkspaceRecord = {
      id,
      state: "started",
      name: rest.name,
      labels: rest.labels,
      environment: { name: origin.environment.name, version: origin.environment.version, rootfsDir },
      vcpuCount: rest.vcpuCount,
      memMib: rest.memMib,
      ttlSeconds: rest.ttlSeconds,
      allowHostCompat: rest.allowHostCompat,
      networkPolicy: rest.networkPolicy,
      secrets: values.map((secret) => ({
        name: secret.name,
        sourceKind: secret.sourceKind,
        isRedacted: isRedacted(secret),
      })),
      createdAt: now,
      lastActivityAt: now,
      seed: frozen ? describeSeed(frozen) : EMPTY_SEED,
      engine: guest.machine.engine,
      machineId: guest.machine.id,
      life: FIRST_LIFE,
      resume: { layer: { kind: "baseline" }, lineCount: 0, capturedAt: now },
      snapshots: [],
      resetCount: 0,
    };
    context.signal.throwIfAborted();
    await parts.store.write(record);
    const history = History.begin(parts.store.lifeDirectory(id, FIRST_LIFE), secrets.redactor);
    const workspace = new Workspace(parts, record, history, secrets);
    workspace.attach(guest);
    return workspace;
  } catch (error) {
    try {
      await parts.secretStore.remove(id);
    } finally {
      await parts.guests.remove(guest);
    }
    throw secrets.redactor.error(toPyroError(error));
  }
}

async function startSeeded(
  parts: WorkspaceParts,
  id: WorkspaceId,
  { origin, vcpuCount, memMib, networkPolicy }: CreateInput,
  frozen: FrozenSeed | undefined,
  signal: AbortSignal,
): Promise<Guest> {
  const { rootfsDir } = origin.environment;
  const isCaptured = frozen !== undefined && (await parts.baselines.isCaptured(frozen.seed, rootfsDir));
  const layer =
    frozen && origin.isIsolated ? await parts.baselines.layerOf(frozen.seed, rootfsDir) : undefined;
  const network = await requestNetwork(parts.store, { id, life: FIRST_LIFE, networkPolicy });
  const request = { origin, size: { vcpuCount, memMib }, layer, network };
  const guest = await parts.guests.start(id, request, signal);
  try {
    await guest.machine.loaded;
    const files = guest.machine.agent.files(WORKSPACE_PATH);
    if (!origin.isIsolated) {
      await files.apply(frozen ? allChanges(frozen.seed, frozen.deferred) : [], signal);
    } else if (frozen && frozen.deferred.length > 0 && !isCaptured) {
      await files.apply(deferredChanges(frozen.deferred), signal);
      // The source may change from now on: only this holds what it was.
      await parts.baselines.capture(frozen.seed, rootfsDir, guest.machine, signal);
    }
    return guest;
  } catch (error) {
    await parts.guests.remove(guest);
    throw error;
  }
}

function describeSeed({ seed }: FrozenSeed): SeedRecord {
  const { digest, origin, entryCount, contentBytes, skipped, skippedCount } = seed;
  return {
    digest,
    mode: origin.mode,
    path: origin.path,
    originKind: origin.kind,
    originRef: origin.ref,
    entryCount,
    contentBytes,
    skipped: [...skipped],
    skippedCount,
  };
}

function refuseSecretsOnHost(): PyroError {
  return new PyroError(
    "engine_unavailable",
    "secrets are for guests: on the host itself nothing would keep them in memory, or from other programs",
  );
}
