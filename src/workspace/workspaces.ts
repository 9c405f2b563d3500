// All workspaces of a state directory: made, found by id or name, adopted from a former daemon, ended in time.

import { PyroError } from "../contract/errors.js";
import { isWorkspaceId, type WorkspaceId } from "../contract/ids.js";
import { EXPIRED_KEPT_SECONDS } from "../contract/limits.js";
import type { Engine, Machine } from "../machine/engine.js";
import { createWorkspace, type CreateContext, type CreateInput } from "./create-workspace.js";
import { History } from "./history.js";
import { requestNetwork } from "./request-network.js";
import { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import { endRecords } from "./services/live-services.js";
import { Workspace, type WorkspaceParts } from "./workspace.js";
import { layersOf, newWorkspaceId, type WorkspaceRecord } from "./workspace-record.js";

export type WorkspacesOptions = Omit<WorkspaceParts, "onLayersReleased">;

/** A workspace whose record cannot be read: it can only be deleted. */
export interface DamagedWorkspace {
  readonly id: WorkspaceId;
  readonly problem: string;
}

/** Layers that lost their last user may stay this long: a burst of snapshots and resets ends in one collection. */
const COLLECT_DELAY_MS = 1_000;
/** A capture of a full guest takes some seconds. */
const EXPIRY_STOP_TIMEOUT_MS = 120_000;
/** A guest stands still for the capture of its stop, and one that has failed will most likely fail again. */
const EXPIRY_RETRY_MS = 60_000;

export class Workspaces {
  readonly #parts: WorkspaceParts;
  readonly #workspaces = new Map<WorkspaceId, Workspace>();
  readonly #damaged = new Map<WorkspaceId, DamagedWorkspace>();
  /** Names that workspaces are about to have. */
  readonly #reservedNames = new Set<string>();
  /** Of those whose expiry has failed: performance.now(). */
  readonly #expiryFailedAtMs = new WeakMap<Workspace, number>();
  #collectTimer: NodeJS.Timeout | undefined;

  constructor(options: WorkspacesOptions) {
    this.#parts = { ...options, onLayersReleased: () => this.#scheduleCollection() };
  }

  /** Reads the records that a former daemon left and takes over its guests; a guest that is no more is missed later. */
  async adopt(engine: Engine): Promise<void> {
    const { records, damaged } = await this.#parts.store.readAll();
    for (const each of damaged) this.#damaged.set(each.id, each);
    await this.#parts.secretStore.sweep(new Set([...records, ...damaged].map(({ id }) => id)));
    await Promise.all(records.map((record) => this.#adoptOne(engine, record)));
    this.#scheduleCollection();
  }

  /** The guests that run now, by the ids of their machines. */
  machineIds(): ReadonlySet<string> {
    return new Set(this.list().flatMap(({ guest }) => (guest ? [guest.machine.id] : [])));
  }

  /** Whether a workspace, running or not, stands on this root file system. */
  usesRootfs(rootfsDir: string): boolean {
    return this.list().some(({ record }) => record.environment.rootfsDir === rootfsDir);
  }

  list(): readonly Workspace[] {
    return [...this.#workspaces.values()];
  }

  listDamaged(): readonly DamagedWorkspace[] {
    return [...this.#damaged.values()];
  }

  async create(input: CreateInput, context: CreateContext): Promise<Workspace> {
    return this.#naming(input.name, undefined, async () => {
      const workspace = await createWorkspace(this.#parts, newWorkspaceId(), input, context);
      this.#workspaces.set(workspace.id, workspace);
      return workspace;
    });
  }

  /** By id or name. */
  find(idOrName: string): Workspace | undefined {
    return isWorkspaceId(idOrName)
      ? this.#workspaces.get(idOrName)
      : this.list().find(({ record }) => record.name === idOrName);
  }

  /** The same; throws when there is none. */
  get(idOrName: string): Workspace {
    const found = this.find(idOrName);
    if (found) return found;
    const damaged = isWorkspaceId(idOrName) ? this.#damaged.get(idOrName) : undefined;
    if (damaged) throw new PyroError("workspace_damaged", `the workspace ${idOrName}: ${damaged.problem}`);
    throw new PyroError("workspace_not_found", `there is no workspace ${idOrName}`);
  }

  /** Absent fields stay as they are. */
  async update(
    idOrName: string,
    change: {
      readonly name: string | undefined;
      readonly clearName: boolean;
      readonly labels: Readonly<Record<string, string>>;
      readonly clearLabels: readonly string[];
    },
  ): Promise<Workspace> {
    const workspace = this.get(idOrName);
    const { clearName, clearLabels } = change;
    await this.#naming(change.name, workspace, () =>
      workspace.update((former) => {
        const { name: formerName, ...record } = former;
        const name = clearName ? undefined : (change.name ?? formerName);
        const kept = Object.entries(former.labels).filter(([key]) => !clearLabels.includes(key));
        const labels = { ...Object.fromEntries(kept), ...change.labels };
        return { ...record, labels, ...(name !== undefined && { name }) };
      }),
    );
    return workspace;
  }

  async delete(idOrName: string): Promise<WorkspaceId> {
    if (isWorkspaceId(idOrName) && this.#damaged.delete(idOrName)) {
      await this.#parts.store.remove(idOrName);
      await this.#parts.secretStore.remove(idOrName);
      this.#scheduleCollection();
      return idOrName;
    }
    const workspace = this.get(idOrName);
    await workspace.remove();
    this.#workspaces.delete(workspace.id);
    this.#scheduleCollection();
    return workspace.id;
  }

  /**
   * Stops what nobody has used for its time, and deletes what was stopped by it long ago. Returns what was done; what
   * cannot be done is told, keeps no other from its end, and is tried again after a while.
   */
  async reapExpired(): Promise<readonly { readonly id: WorkspaceId; readonly act: "stop" | "delete" }[]> {
    const done: { id: WorkspaceId; act: "stop" | "delete" }[] = [];
    for (const workspace of this.list()) {
      const act = findExpiry(workspace);
      const failedAtMs = this.#expiryFailedAtMs.get(workspace) ?? -Infinity;
      if (!act || performance.now() - failedAtMs < EXPIRY_RETRY_MS) continue;
      try {
        if (act === "delete") await this.delete(workspace.id);
        else await workspace.stop(AbortSignal.timeout(EXPIRY_STOP_TIMEOUT_MS));
        done.push({ id: workspace.id, act });
      } catch (error) {
        this.#expiryFailedAtMs.set(workspace, performance.now());
        this.#parts.onFailure(error);
      }
    }
    return done;
  }

  /** Stops every running workspace; what cannot be captured is let go of, and adopted by the next daemon. */
  async stopAll(signal: AbortSignal): Promise<void> {
    const running = this.list().filter(({ guest }) => guest);
    await Promise.all(running.map((each) => each.stop(signal).catch(this.#parts.onFailure)));
  }

  /** Lets go of all guests, which the next daemon adopts. */
  async release(): Promise<void> {
    clearTimeout(this.#collectTimer);
    await Promise.all(this.list().map((workspace) => workspace.release()));
  }

  /** Removes layers and seeds that no workspace needs. */
  async collect(): Promise<void> {
    const { seeds, baselines, layers } = this.#parts;
    const neededSeeds = new Set(this.list().flatMap(({ record }) => record.seed.digest ?? []));
    // A damaged record may name any of them: as long as there is one, nothing is known to be unneeded.
    if (this.#damaged.size > 0) return;
    await seeds.collect(neededSeeds);
    await layers.collect(async () => {
      const ofBaselines = await baselines.collect(new Set(await seeds.list()));
      return new Set([...ofBaselines, ...this.list().flatMap(({ record }) => layersOf(record))]);
    });
  }

  #scheduleCollection(): void {
    clearTimeout(this.#collectTimer);
    this.#collectTimer = setTimeout(() => {
      this.collect().catch(this.#parts.onFailure);
    }, COLLECT_DELAY_MS);
    this.#collectTimer.unref();
  }

  /** Runs `act`, which gives the name to `owner` or to a new workspace; nobody else gets it meanwhile. */
  async #naming<Result>(
    name: string | undefined,
    owner: Workspace | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    if (name === undefined) return act();
    this.#checkName(name, owner);
    this.#reservedNames.add(name);
    try {
      return await act();
    } finally {
      this.#reservedNames.delete(name);
    }
  }

  #checkName(name: string, owner: Workspace | undefined): void {
    const other = this.list().find(({ record }) => record.name === name);
    if ((!other || other === owner) && !this.#reservedNames.has(name)) return;
    throw new PyroError("conflict", `the name ${name} is taken${other ? ` by ${other.id}` : ""}`, {
      hint: "Choose another name, or delete that workspace.",
    });
  }

  async #adoptOne(engine: Engine, record: WorkspaceRecord): Promise<void> {
    const { store, secretStore, guests, onFailure } = this.#parts;
    const names = record.secrets.map(({ name }) => name);
    const secrets = await WorkspaceSecrets.open(secretStore, record.id, names);
    const history = await History.open(store.lifeDirectory(record.id, record.life), secrets.redactor);
    const workspace = new Workspace(this.#parts, record, history, secrets);
    this.#workspaces.set(record.id, workspace);
    if (record.state !== "started" || record.machineId === undefined) return;
    let machine: Machine | undefined;
    try {
      machine = await engine.adopt(record.machineId);
    } catch (error) {
      onFailure(error);
    }
    if (!machine) {
      // They ran for as long as it lived, which may be until a moment ago.
      if (history.services.runningCount > 0) workspace.touch();
      await endRecords(history.services, "guest_died", "the guest was gone when the daemon came back");
      return;
    }
    const network = await requestNetwork(store, record);
    const { shells } = workspace.attach(await guests.adopt(record.id, machine, record.environment, network));
    void shells.adopt().catch(onFailure);
  }
}

/** What the time of a workspace has come for. */
function findExpiry({ record, lastActivityAt }: Workspace): "stop" | "delete" | undefined {
  const overdueSeconds = Date.now() / 1000 - (lastActivityAt + record.ttlSeconds);
  if (overdueSeconds > EXPIRED_KEPT_SECONDS) return "delete";
  // On the host itself nothing can be kept; it goes at the end of the kept time.
  const canStop = record.state === "started" && record.engine.securityBoundary;
  return overdueSeconds > 0 && canStop ? "stop" : undefined;
}
