// The services of one life of a workspace, on disk: `services/services.json` of the life, and beside it the logs of those
// that have ended.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isSystemError } from "../../contract/errors.js";
import { replaceFile } from "../../platform/atomic-file.js";
import { ServiceRecordSchema, type ServiceRecord } from "./service-record.js";

export interface ServiceLog {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** There was more before it. */
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
}

export class ServiceRecords {
  readonly #directory: string;
  readonly #records = new Map<string, ServiceRecord>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(lifeDirectory: string) {
    this.#directory = path.join(lifeDirectory, "services");
  }

  /** What a former daemon has written. A damaged file is as none: services are no more than the guest knows of. */
  async load(): Promise<void> {
    const text = await readFile(this.#file, "utf8").catch(() => "[]");
    for (const record of parseRecords(text)) this.#records.set(record.name, record);
  }

  /** By name. */
  list(): readonly ServiceRecord[] {
    return [...this.#records.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  find(name: string): ServiceRecord | undefined {
    return this.#records.get(name);
  }

  get runningCount(): number {
    return this.list().filter(({ state }) => state === "running").length;
  }

  /** Known at once; on disk when it returns. */
  async put(record: ServiceRecord): Promise<void> {
    this.#records.set(record.name, record);
    const written = this.#last.then(() => this.#write());
    this.#last = written.catch(() => undefined);
    await written;
  }

  async keepLog(name: string, { stdout, stderr }: ServiceLog): Promise<void> {
    await this.#unlessOver(async () => {
      await writeFile(this.#logFile(name, "stdout"), stdout, { mode: 0o600 });
      await writeFile(this.#logFile(name, "stderr"), stderr, { mode: 0o600 });
    });
  }

  /** Undefined: it has not been kept. */
  async readLog(record: ServiceRecord): Promise<ServiceLog | undefined> {
    if (!record.keptLog) return undefined;
    const [stdout, stderr] = await Promise.all([
      readFile(this.#logFile(record.name, "stdout")),
      readFile(this.#logFile(record.name, "stderr")),
    ]);
    return { stdout, stderr, ...record.keptLog };
  }

  /** For a new run of the name. */
  async forgetLog(name: string): Promise<void> {
    await rm(this.#logFile(name, "stdout"), { force: true });
    await rm(this.#logFile(name, "stderr"), { force: true });
  }

  get #file(): string {
    return path.join(this.#directory, "services.json");
  }

  // Names are plain: contract/limits.ts, PLAIN_NAME.
  #logFile(name: string, stream: "stdout" | "stderr"): string {
    return path.join(this.#directory, `${name}.${stream}.log`);
  }

  async #write(): Promise<void> {
    await this.#unlessOver(() => replaceFile(this.#file, JSON.stringify(this.list())));
  }

  /** When the life is over its directory is gone: nobody will read what is not written, and nothing may bring it back. */
  async #unlessOver(write: () => Promise<void>): Promise<void> {
    try {
      await mkdir(this.#directory, { mode: 0o700 }).catch(ignoreExisting);
      await write();
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }
}

function ignoreExisting(error: unknown): void {
  if (!isSystemError(error, "EEXIST")) throw error;
}

function parseRecords(text: string): readonly ServiceRecord[] {
  try {
    return z.array(ServiceRecordSchema).parse(JSON.parse(text));
  } catch {
    return [];
  }
}
