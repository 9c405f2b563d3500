// How much one export may take: entries, bytes, names, and what must stay free on the host's disk.

import { PyroError } from "../../contract/errors.js";
import { readFreeDisk } from "../../platform/host-resources.js";

const MAX_ENTRIES = 1_000_000;
const MAX_BYTES = 64 * 1024 ** 3;
/** Of all paths and link targets together; what is known of directories is held in memory until the end. */
const MAX_NAME_BYTES = 256 * 1024 ** 2;
const MIN_FREE_BYTES = 64 * 1024 ** 2;
/** The disk is looked at once for so much. */
const BYTES_PER_CHECK = 8 * 1024 ** 2;
const ENTRIES_PER_CHECK = 1024;

export interface ExportProgress {
  /** Of content that has come. */
  readonly bytes: number;
}

export class ExportBudget {
  readonly #directory: string;
  readonly #given: string;
  readonly #onProgress: (progress: ExportProgress) => void;
  #entryCount = 0;
  #bytes = 0;
  #nameBytes = 0;
  #checkedEntries = 0;
  #checkedBytes = 0;

  /** `directory` is on the disk that is written to; `given` is the output as the user named it. */
  constructor(directory: string, given: string, onProgress: (progress: ExportProgress) => void) {
    this.#directory = directory;
    this.#given = given;
    this.#onProgress = onProgress;
  }

  /** Before an entry is made. Errors here and below: `export_refused`, `out_of_disk`. */
  async takeEntry(nameBytes: number): Promise<void> {
    this.#entryCount++;
    this.#nameBytes += nameBytes;
    if (this.#entryCount > MAX_ENTRIES) throw this.#tooLarge(`more than ${MAX_ENTRIES} entries`);
    if (this.#nameBytes > MAX_NAME_BYTES) throw this.#tooLarge(`more than ${MAX_NAME_BYTES} bytes of names`);
    if (this.#entryCount - this.#checkedEntries >= ENTRIES_PER_CHECK) await this.check();
  }

  /** Before bytes are used. */
  async takeBytes(count: number): Promise<void> {
    this.#bytes += count;
    if (this.#bytes > MAX_BYTES) throw this.#tooLarge(`more than ${MAX_BYTES} bytes`);
    if (this.#bytes - this.#checkedBytes >= BYTES_PER_CHECK) await this.check();
  }

  /** Looks at the disk, and tells how far the export is. */
  async check(): Promise<void> {
    this.#checkedEntries = this.#entryCount;
    this.#checkedBytes = this.#bytes;
    this.#onProgress({ bytes: this.#bytes });
    // What is taken until the next look must be left as well.
    if ((await readFreeDisk(this.#directory)) >= MIN_FREE_BYTES + BYTES_PER_CHECK) return;
    const minFreeMib = MIN_FREE_BYTES / 1024 ** 2;
    throw new PyroError(
      "out_of_disk",
      `${this.#given} would leave less than ${minFreeMib} MiB of the disk free`,
      {
        hint: "Free disk space there, or give another output path.",
      },
    );
  }

  #tooLarge(what: string): PyroError {
    return new PyroError("export_refused", `the export has ${what}`, {
      hint: "Export a smaller directory, or remove in the workspace what is not needed.",
    });
  }
}
