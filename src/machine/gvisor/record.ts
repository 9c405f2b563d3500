// What the state keeps about a running sandbox, so that another daemon can adopt or remove it.

import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isLayerId } from "../../contract/ids.js";
import { replaceFile } from "../../platform/atomic-file.js";
import { AGENT_SOCKET_NAME, NETWORK_SOCKET_NAME } from "./bundle.js";

const SandboxRecord = z.object({
  id: z.string(),
  pid: z.number().int(),
  startTime: z.string(),
  /** Hex; only the guest's agent knows it too. */
  token: z.string(),
  platform: z.enum(["kvm", "systrap"]),
  runscPath: z.string(),
  /** Digest of both programs. */
  engineBuild: z.string(),
  /** The capture that it was started from. */
  layerId: z.string().refine(isLayerId).optional(),
  memMib: z.number(),
  /** Absent when a watchdog limits the memory. */
  cgroup: z.string().optional(),
});

export type SandboxRecord = z.infer<typeof SandboxRecord>;

/** The files of one sandbox, below `machines/<id>` of the state. */
export class SandboxDirectory {
  readonly root: string;

  constructor(stateDir: string, id: string) {
    this.root = path.join(stateDir, "machines", id);
  }

  get channelDir(): string {
    return path.join(this.root, "channel");
  }

  get socketPath(): string {
    return path.join(this.channelDir, AGENT_SOCKET_NAME);
  }

  get networkSocketPath(): string {
    return path.join(this.channelDir, NETWORK_SOCKET_NAME);
  }

  get bundleDir(): string {
    return path.join(this.root, "bundle");
  }

  get logDir(): string {
    return `${path.join(this.root, "log")}/`;
  }

  /** Of the sandbox alone: a runsc that is killed before it unlinks its file there leaves nothing behind. */
  get overlayDir(): string {
    return path.join(this.root, "overlay");
  }

  get pidFile(): string {
    return path.join(this.root, "pid");
  }

  async create(): Promise<void> {
    for (const directory of [this.channelDir, this.bundleDir, this.logDir, this.overlayDir]) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    }
  }

  /** Not flushed to the disk: a sandbox does not survive a power cut, and neither need its record. */
  async writeRecord(record: SandboxRecord): Promise<void> {
    await replaceFile(path.join(this.root, "record.json"), JSON.stringify(record));
  }

  /** Undefined when there is none, or it is damaged: such a sandbox cannot be adopted, only removed. */
  async findRecord(): Promise<SandboxRecord | undefined> {
    try {
      return SandboxRecord.parse(JSON.parse(await readFile(path.join(this.root, "record.json"), "utf8")));
    } catch {
      return undefined;
    }
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
