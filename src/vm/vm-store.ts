// The records of one-shot guests, a file each: `vms/<id>.json` of the state.

import { mkdir, readFile, rm, unlink } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { isVmId } from "../contract/ids.js";
import { replaceFile } from "../platform/atomic-file.js";
import { readNames } from "../platform/read-names.js";
import { VmRecordSchema, type VmRecord } from "./vm-record.js";

const SUFFIX = ".json";

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
    try {
      await unlink(this.#file(vmId));
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }

  /**
   * All readable records. What else is there is removed: with a damaged record's guest nothing can be done, and a
   * daemon that was killed while it wrote leaves a second copy of a record, under another name.
   */
  async readAll(): Promise<VmRecord[]> {
    const records: VmRecord[] = [];
    for (const name of await readNames(this.#directory)) {
      const file = path.join(this.#directory, name);
      const record = isVmId(path.basename(name, SUFFIX)) ? await readRecord(file) : undefined;
      if (record && this.#file(record.vmId) === file) records.push(record);
      else await rm(file, { recursive: true, force: true });
    }
    return records;
  }

  #file(vmId: string): string {
    return path.join(this.#directory, vmId + SUFFIX);
  }
}

async function readRecord(file: string): Promise<VmRecord | undefined> {
  try {
    return VmRecordSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
