// The directories of workspaces: `workspaces/<id>/workspace.json` of the state, and beside it a directory for each life.

import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { isWorkspaceId, type WorkspaceId } from "../contract/ids.js";
import { syncDirectory, writeFileAtomic } from "../platform/atomic-file.js";
import { readNames } from "../platform/read-names.js";
import { WorkspaceRecordSchema, type WorkspaceRecord } from "./workspace-record.js";

const RECORD_NAME = "workspace.json";
const REMOVING_PREFIX = ".removing-";

export interface StoredWorkspaces {
  readonly records: readonly WorkspaceRecord[];
  /** Their records cannot be read. */
  readonly damaged: readonly { readonly id: WorkspaceId; readonly problem: string }[];
}

export class WorkspaceStore {
  readonly #directory: string;
  /** Workspaces whose directories are known to be on the disk. */
  readonly #durable = new Set<WorkspaceId>();

  constructor(stateDir: string) {
    this.#directory = path.join(stateDir, "workspaces");
  }

  directoryOf(id: WorkspaceId): string {
    return path.join(this.#directory, id);
  }

  /** Journal and output of one life. */
  lifeDirectory(id: WorkspaceId, life: number): string {
    return path.join(this.directoryOf(id), `life-${life}`);
  }

  /** Durable when it returns. */
  async write(record: WorkspaceRecord): Promise<void> {
    await mkdir(this.lifeDirectory(record.id, record.life), { recursive: true, mode: 0o700 });
    await Promise.all([
      writeFileAtomic(this.#file(record.id), JSON.stringify(record)),
      this.#ensureDurable(record.id),
    ]);
  }

  /** Takes the workspace out at once, also on a full disk; its files go in the second step. */
  async remove(id: WorkspaceId): Promise<void> {
    const removing = path.join(this.#directory, REMOVING_PREFIX + id);
    await rename(this.directoryOf(id), removing);
    this.#durable.delete(id);
    await rm(removing, { recursive: true, force: true });
  }

  async removeLife(id: WorkspaceId, life: number): Promise<void> {
    await rm(this.lifeDirectory(id, life), { recursive: true, force: true });
  }

  /** All workspaces, after a former daemon: what it was removing is removed, and so are lives that are over. */
  async readAll(): Promise<StoredWorkspaces> {
    const records: WorkspaceRecord[] = [];
    const damaged: { id: WorkspaceId; problem: string }[] = [];
    for (const name of await readNames(this.#directory)) {
      if (!isWorkspaceId(name)) {
        await rm(path.join(this.#directory, name), { recursive: true, force: true });
        continue;
      }
      try {
        const record = WorkspaceRecordSchema.parse(JSON.parse(await readFile(this.#file(name), "utf8")));
        if (record.id !== name) throw new Error(`it is the record of ${record.id}`);
        await this.#sweep(record);
        records.push(record);
      } catch (error) {
        if (isSystemError(error, "ENOENT") && (await this.#isUnbegun(name))) await this.remove(name);
        else damaged.push({ id: name, problem: describe(error) });
      }
    }
    return { records, damaged };
  }

  /** Of a creation that never came to its record there is at most what its guest has connected to meanwhile. */
  async #isUnbegun(id: WorkspaceId): Promise<boolean> {
    const names = await readdir(this.directoryOf(id), { recursive: true });
    return names.every((name) => /^life-0(?:\/network\.jsonl(?:\.1)?)?$/.test(name));
  }

  /** A flushed file is lost with its directory, as long as that one's own name is not on the disk. */
  async #ensureDurable(id: WorkspaceId): Promise<void> {
    if (this.#durable.has(id)) return;
    await Promise.all([syncDirectory(this.#directory), syncDirectory(path.dirname(this.#directory))]);
    this.#durable.add(id);
  }

  async #sweep(record: WorkspaceRecord): Promise<void> {
    const kept = new Set([RECORD_NAME, `life-${record.life}`]);
    const directory = this.directoryOf(record.id);
    for (const name of await readdir(directory)) {
      if (!kept.has(name)) await rm(path.join(directory, name), { recursive: true, force: true });
    }
  }

  #file(id: WorkspaceId): string {
    return path.join(this.directoryOf(id), RECORD_NAME);
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `its record is damaged: ${message.split("\n")[0] ?? ""}`.slice(0, 200);
}
