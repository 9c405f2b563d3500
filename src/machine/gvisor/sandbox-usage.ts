// What a sandbox costs on the host, in memory and disk.
//
// Guest memory lives in memfds that the Sentry and all stub processes share, so the RSS of the processes
// would count it many times. The file's blocks plus the Sentry's own anonymous memory count it once.

import { readFile } from "node:fs/promises";
import { OpenFiles } from "./open-files.js";

const GUEST_MEMORY_FILE = /^\/memfd:(runsc-memory|systrap-memory)/;
/** The file that takes the guest's writes. */
const OVERLAY_FILE = /\/runsc-filestore-/;

export class SandboxUsage {
  readonly #pid: number;
  readonly #memory: OpenFiles;
  readonly #overlay: OpenFiles;

  constructor(pid: number) {
    this.#pid = pid;
    this.#memory = new OpenFiles(pid, GUEST_MEMORY_FILE);
    this.#overlay = new OpenFiles(pid, OVERLAY_FILE);
  }

  /** Bytes of host memory; 0 when the sandbox is gone. */
  async readMemoryBytes(): Promise<number> {
    const [guestBytes, sentryBytes] = await Promise.all([
      this.#memory.readBytes(),
      readAnonymousBytes(this.#pid),
    ]);
    return guestBytes + sentryBytes;
  }

  /** Bytes of host disk; 0 when the sandbox is gone. */
  readDiskBytes(): Promise<number> {
    return this.#overlay.readBytes();
  }
}

async function readAnonymousBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? 0 : Number(kib) * 1024;
}
