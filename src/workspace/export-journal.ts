// The staging directories of exports under way, noted before they are made: what a killed daemon leaves on the user's
// disk, the next one removes.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../platform/atomic-file.js";
import { removeStaging, type StagingJournal } from "./export/staging.js";

export class ExportJournal implements StagingJournal {
  readonly #directory: string;

  constructor(stateDir: string) {
    this.#directory = path.join(stateDir, "exports");
  }

  async begin(stagingPath: string): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(this.#noteOf(stagingPath), stagingPath);
  }

  async end(stagingPath: string): Promise<void> {
    await rm(this.#noteOf(stagingPath), { force: true });
  }

  /** After a former daemon: every failure is told, and the note stays for another try. */
  async clear(onFailure: (error: unknown) => void): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => [])) {
      const note = path.join(this.#directory, name);
      try {
        const stagingPath = await readFile(note, "utf8");
        if (this.#noteOf(stagingPath) === note) await removeStaging(stagingPath);
        await rm(note, { force: true });
      } catch (error) {
        onFailure(error);
      }
    }
  }

  #noteOf(stagingPath: string): string {
    return path.join(this.#directory, createHash("sha256").update(stagingPath).digest("hex").slice(0, 32));
  }
}
