// One workspace: its record, its guest, and whose turn it is.
//
// Starts, stops, resets and captures take turns. Commands and file operations only pass through the queue when they
// begin, so that a long command holds up nothing: what ends its guest ends the command too. Edits of files take turns
// among themselves and with captures.

import { PyroError, toPyroError } from "../contract/errors.js";
import type { WorkspaceId } from "../contract/ids.js";
import type { Guest } from "../fleet/guest-registry.js";
import type { CommandContext } from "../fleet/run-command.js";
import type { GuestFiles } from "../guest/files.js";
import { Activity } from "./activity.js";
import { captureGuest, type Captured } from "./capture-guest.js";
import { execCommand, type ExecInput, type ExecOutcome } from "./exec-command.js";
import { History } from "./history.js";
import { LiveGuest } from "./live-guest.js";
import { findLoss } from "./loss.js";
import type { SecretStore } from "./secrets/secret-store.js";
import type { WorkspaceSecrets } from "./secrets/workspace-secrets.js";
import type { HostPorts } from "./services/host-ports.js";
import { checkNewSnapshot, findOrigin, findSnapshot } from "./snapshots.js";
import { startGuest, type StartParts } from "./start-guest.js";
import { Turns } from "./turns.js";
import type { OriginLayer, Recovery, Snapshot, WorkspaceRecord } from "./workspace-record.js";
import { checkCapturing } from "./capturing-acts.js";

export interface WorkspaceParts extends StartParts {
  readonly secretStore: SecretStore;
  /** Ports of this host that lead into guests. */
  readonly hostPorts: HostPorts;
  /** For what lives as long as one call; emptied when a daemon starts. */
  readonly scratchDir: string;
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
  /** Captured layers may have lost their last user. */
  readonly onLayersReleased: () => void;
}

export class Workspace {
  readonly secrets: WorkspaceSecrets;
  readonly #parts: WorkspaceParts;
  #record: WorkspaceRecord;
  #history: History;
  #hold: LiveGuest | undefined;
  readonly #turns = new Turns();
  readonly #edits = new Turns();
  readonly #activity: Activity;
  readonly #removal = new AbortController();
  /** Why there is no guest although there should be one. */
  #death = new PyroError("guest_died", "the guest is gone, with the host's last start or with its daemon");
  #untold: Recovery | undefined;

  constructor(parts: WorkspaceParts, record: WorkspaceRecord, history: History, secrets: WorkspaceSecrets) {
    this.secrets = secrets;
    const onFailure = (error: unknown) => parts.onFailure(secrets.redactor.error(toPyroError(error)));
    this.#parts = { ...parts, onFailure };
    this.#record = record;
    this.#history = history;
    this.#activity = new Activity(Math.max(record.lastActivityAt, history.lastAt ?? 0));
  }

  get id(): WorkspaceId {
    return this.#record.id;
  }

  get record(): WorkspaceRecord {
    return this.#record;
  }

  get history(): History {
    return this.#history;
  }

  /** The guest, while there is one. */
  get guest(): Guest | undefined {
    return this.#hold?.guest;
  }

  /** Unix seconds. A command, a shell or a service that runs is an activity. */
  get lastActivityAt(): number {
    if (this.#isBusy) return Date.now() / 1000;
    return Math.max(this.#activity.lastAt, this.#hold?.lastActiveAt ?? 0);
  }

  /** Takes over a guest that runs: a new one, or one that a former daemon left. */
  attach(guest: Guest): LiveGuest {
    const recovery = {
      capture: () => this.#captureRecovery(),
      isBusy: () => this.#isBusy,
      onFailure: this.#parts.onFailure,
    };
    const hold = new LiveGuest(guest, recovery, {
      records: this.#history.services,
      hostPorts: this.#parts.hostPorts,
      owner: this.#record.name ?? this.id,
      onChange: () => {
        this.touch();
        hold.changed();
      },
    });
    this.#hold = hold;
    void guest.machine.exited.then(({ reason, message }) => {
      hold.stopCaptures();
      if (this.#hold !== hold || reason === "removed") return;
      this.#drop();
      this.#death = new PyroError(reason === "out_of_memory" ? "guest_out_of_memory" : "guest_died", message);
      hold.end(this.#death);
      hold.services.died(message).catch(this.#parts.onFailure);
    });
    return hold;
  }

  /** Why the guest is gone, while it has not been brought back. */
  get death(): PyroError | undefined {
    if (this.#record.state !== "started") return undefined;
    return this.#hold ? this.#hold.loss : this.#death;
  }

  /** A recovery that no answer has told of yet. */
  takeRecovery(): Recovery | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold;
  }

  async exec(input: ExecInput, context: CommandContext): Promise<ExecOutcome> {
    return this.#work(context.signal, (hold, signal) =>
      execCommand(this.#history, hold.guest.machine, this.secrets, input, { ...context, signal }),
    );
  }

  /** Looks at the guest's files. A guest that is stopped is started, one that has died is brought back. */
  async look<Result>(
    signal: AbortSignal,
    act: (files: GuestFiles, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    return this.peek(signal, (hold, both) => act(hold.files, both));
  }

  /** Looks at what else there is in the guest, such as a shell's output; no activity. */
  async peek<Result>(
    signal: AbortSignal,
    act: (hold: LiveGuest, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const hold = await this.#turns.take(() => this.#ensureHold(signal), signal);
    return hold.whileAlive(signal, (both) => act(hold, both));
  }

  /** Does something in the guest that may change it, such as a word to a shell. */
  async use<Result>(
    signal: AbortSignal,
    act: (hold: LiveGuest, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    return this.#work(signal, act);
  }

  /** Changes the guest's files; edits take turns. `note` puts into words what was done. */
  async edit<Result>(
    signal: AbortSignal,
    act: (files: GuestFiles, signal: AbortSignal) => Promise<Result>,
    note: (result: Result) => { readonly kind: "write" | "patch" | "sync"; readonly what: string },
  ): Promise<Result> {
    return this.#work(signal, (hold, both) =>
      this.#edits.take(async () => {
        const result = await act(hold.files, both);
        const { kind, what } = note(result);
        await this.#history.noteEdit(kind, what);
        return result;
      }, both),
    );
  }

  /** `change` is asked when it is its turn: another one may have come before it. */
  async update(change: (former: WorkspaceRecord) => WorkspaceRecord): Promise<void> {
    await this.#turns.take(async () => {
      await this.#write(change(this.#record));
      this.touch();
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.inTurn(signal, async (both) => {
      await this.#ensureHold(both);
      this.touch();
    });
  }

  /** Keeps files, packages, snapshots and logs; ends the guest and its commands. */
  async stop(signal: AbortSignal): Promise<void> {
    await this.inTurn(signal, async (both) => {
      if (this.#record.state === "stopped") return;
      checkCapturing(this.#record, "stop");
      const hold = this.#hold;
      const { machineId: _former, ...record } = this.#record;
      // Its guest has died: what it would come back from is what is kept.
      if (!hold) return this.#write({ ...record, state: "stopped" });
      await hold.services.stopAll("workspace_stopped", both);
      hold.end(new PyroError("conflict", `the workspace ${this.id} was stopped`));
      await this.#activity.settled();
      try {
        using captured = await this.#capture(hold, `stop of ${this.id}`, both);
        await this.#write({ ...record, state: "stopped", resume: captured.resume });
      } catch (error) {
        // The guest lives, and goes on under a new life: the former one has been ended with its commands. It must not
        // go on to listen, or it would hear of services before those who wait for them.
        await hold.services.close();
        const { shells } = this.attach(hold.guest);
        void shells.adopt().catch(this.#parts.onFailure);
        throw error;
      }
      await this.#endHold(hold);
      this.#parts.onLayersReleased();
    });
  }

  /** A fresh guest on the baseline or a snapshot. The old one goes when the new one stands. */
  async reset(snapshotName: string, signal: AbortSignal): Promise<void> {
    await this.inTurn(signal, async (both) => {
      const { from, what } = findOrigin(this.#record, snapshotName);
      const now = Date.now() / 1000;
      const former = this.#record.life;
      this.#untold = undefined;
      await this.#startFrom(from, what, both, {
        life: former + 1,
        resume: { layer: from, lineCount: 0, capturedAt: now },
        resetCount: this.#record.resetCount + 1,
        lastResetAt: now,
        recovery: undefined,
      });
      // Nobody has to wait for that; what a crash leaves of it, the next daemon removes.
      void this.#parts.store.removeLife(this.id, former).catch(this.#parts.onFailure);
      this.#parts.onLayersReleased();
      this.touch();
    });
  }

  async createSnapshot(name: string, signal: AbortSignal): Promise<Snapshot> {
    return this.inTurn(signal, async (both) => {
      checkCapturing(this.#record, "snapshot");
      checkNewSnapshot(this.#record, name);
      const hold = await this.#ensureHold(both);
      using captured = await this.#capture(hold, `snapshot ${name} of ${this.id}`, both);
      const { id, createdAt, sizeBytes } = captured.layer;
      const snapshot = { name, layer: id, createdAt, sizeBytes };
      await this.#write({ ...this.#record, snapshots: [...this.#record.snapshots, snapshot] });
      this.touch();
      return snapshot;
    });
  }

  async deleteSnapshot(name: string): Promise<void> {
    await this.inTurn(this.#removal.signal, async () => {
      const { layer } = findSnapshot(this.#record, name);
      const snapshots = this.#record.snapshots.filter((each) => each.layer !== layer);
      await this.#write({ ...this.#record, snapshots });
      this.#parts.onLayersReleased();
    });
  }

  /** Ends the guest and removes everything of the workspace but its layers, which are collected. */
  async remove(): Promise<void> {
    this.#removal.abort(new PyroError("workspace_not_found", `the workspace ${this.id} was deleted`));
    await this.#turns.take(async () => {
      this.#hold?.end(toPyroError(this.#removal.signal.reason));
      await this.#activity.settled();
      await this.#history.close();
      await this.#parts.store.remove(this.id);
      await this.#parts.secretStore.remove(this.id);
      if (this.#hold) await this.#endHold(this.#hold);
    });
  }

  /** Lets go of the guest, which the next daemon adopts; what has changed is captured first. */
  async release(): Promise<void> {
    const hold = this.#hold;
    if (hold?.isDirty) await this.#captureRecovery().catch(this.#parts.onFailure);
    hold?.stopCaptures();
    await hold?.services.close();
    await this.#history.close();
    hold?.guest.machine.release();
  }

  get #isBusy(): boolean {
    return this.#activity.isRunning || (this.#hold?.services.runningCount ?? 0) > 0;
  }

  /** What is done in the workspace now is an activity. */
  touch(): void {
    this.#activity.touch();
  }

  /** Work that may change the file system: it is an activity, and a reason for a new recovery layer. */
  async #work<Result>(
    signal: AbortSignal,
    act: (hold: LiveGuest, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const hold = await this.#turns.take(() => this.#ensureHold(signal), signal);
    try {
      return await this.#activity.during(hold.whileAlive(signal, (both) => act(hold, both)));
    } finally {
      hold.changed();
    }
  }

  /** Nothing else starts, stops, changes or removes the workspace meanwhile. */
  async inTurn<Result>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const both = AbortSignal.any([signal, this.#removal.signal]);
    return this.#turns.take(() => act(both), both);
  }

  /** To be called in a turn. */
  async #ensureHold(signal: AbortSignal): Promise<LiveGuest> {
    this.#removal.signal.throwIfAborted();
    this.secrets.check();
    if (this.#hold?.loss) await this.#hold.guest.machine.exited;
    if (this.#hold) return this.#hold;
    const { state, resume } = this.#record;
    if (state === "stopped") {
      return this.#startFrom(resume.layer, "last state of the workspace", signal, {});
    }
    const recovery = {
      recoveredAt: Date.now() / 1000,
      reason: this.#death.message,
      restoredAt: resume.capturedAt,
      ...findLoss(await this.#history.readLines(), resume.lineCount),
    };
    const hold = await this.#startFrom(resume.layer, "recovery layer", signal, { recovery });
    this.#untold = recovery;
    return hold;
  }

  /** Starts a guest, then changes the record, then lets the former guest go. Until then nothing has changed. */
  async #startFrom(
    from: OriginLayer,
    what: string,
    signal: AbortSignal,
    change: Partial<WorkspaceRecord>,
  ): Promise<LiveGuest> {
    const former = this.#hold;
    const { life = this.#record.life } = change;
    const record = { ...this.#record, life };
    const { secrets } = this;
    const request = { record, from, what, replaces: former?.guest, secrets, signal };
    const guest = await startGuest(this.#parts, request);
    try {
      signal.throwIfAborted();
      await this.#write({ ...this.#record, ...change, state: "started", machineId: guest.machine.id });
    } catch (error) {
      await this.#parts.guests.remove(guest);
      throw error;
    }
    if (former) {
      former.end(new PyroError("conflict", `the workspace ${this.id} was reset`));
      await this.#activity.settled();
      await this.#endHold(former);
    }
    if (change.life !== undefined) {
      await this.#history.close();
      const directory = this.#parts.store.lifeDirectory(this.id, change.life);
      this.#history = History.begin(directory, this.secrets.redactor);
    }
    return this.attach(guest);
  }

  /** Edits wait, so that a half-applied one is in no layer. To be disposed of when the record names the layer. */
  async #capture(hold: LiveGuest, label: string, signal: AbortSignal): Promise<Captured> {
    const { layers } = this.#parts;
    return this.#edits.take(() => captureGuest(layers, this.#history, hold.guest, label, signal), signal);
  }

  async #captureRecovery(): Promise<void> {
    await this.inTurn(this.#removal.signal, async (signal) => {
      const hold = this.#hold;
      if (!hold || this.#record.state !== "started") return;
      using captured = await this.#capture(hold, `recovery of ${this.id}`, signal);
      await this.#write({ ...this.#record, resume: captured.resume });
      this.#parts.onLayersReleased();
    });
  }

  /** Its shells and services were an activity until now, which nobody can tell when it is forgotten. */
  #drop(): void {
    this.#activity.touch(this.lastActivityAt);
    this.#hold = undefined;
  }

  async #endHold(hold: LiveGuest): Promise<void> {
    if (this.#hold === hold) this.#drop();
    hold.end(new PyroError("guest_died", "the guest was removed"));
    await hold.services.close();
    await this.#parts.guests.remove(hold.guest);
  }

  async #write(record: WorkspaceRecord): Promise<void> {
    const written = { ...record, lastActivityAt: this.lastActivityAt };
    await this.#parts.store.write(written);
    this.#record = written;
  }
}
