// The records of one-shot guests, a file each: `vms/<id>.json` of the state.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../platform/atomic-file.js";
import { VmRecordSchema, type VmRecord } from "./vm-record.js";

export class VmStore {
  readonly #directory: string;

  constructor(stateDir: string) {
    this.#directory = path.join(stateDir, "vms");
  }

  /** Not flushed to the disk: a guest does not survive a power cut, and neither need its record. */
  async write(record: VmRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(this.#file(record.vmId), JSON.stringify(record));
  }

  async remove(vmId: string): Promise<void> {
    await rm(this.#file(vmId), { force: true });
  }

  /** All readable records; a damaged one is removed, because nothing can be done with its guest. */
  async readAll(): Promise<VmRecord[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const records: VmRecord[] = [];
    for (const name of names) {
      const record = await readRecord(path.join(this.#directory, name));
      if (record) records.push(record);
      else await rm(path.join(this.#directory, name), { force: true });
    }
    return records;
  }

  #file(vmId: string): string {
    return path.join(this.#directory, `${vmId}.json`);
  }
}

async function readRecord(file: string): Promise<VmRecord | undefined> {
  try {
    return VmRecordSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
