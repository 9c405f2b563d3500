// Watches directories for anything that happens in them, by inotify(7), and looks at single files.

import { type FSWatcher, lstatSync, statfsSync, watch } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { formatIdentity, identify } from "../file-identity.js";
import type { WatchList } from "./watch-list.js";

/** f_type of the file systems that tell of every change, because only this kernel changes them: statfs(2). */
const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0xef53, // ext2 to ext4
  0x5846_5342, // XFS
  0x9123_683e, // btrfs
  0xf2f5_2010, // F2FS
  0x2fc1_2fc1, // ZFS
  0x0102_1994, // tmpfs
]);
const BATCH = 50;

export class FileWatch {
  readonly #watchers: FSWatcher[] = [];
  readonly #files: WatchList["files"];
  readonly #fileStates: string;
  /** Resolves when something has happened, or the watch was ended. */
  readonly disturbed: Promise<void>;
  #isQuiet = true;
  #disturb: () => void = () => undefined;

  private constructor(files: WatchList["files"]) {
    this.#files = files;
    this.#fileStates = describeFiles(files);
    this.disturbed = new Promise((resolve) => (this.#disturb = resolve));
  }

  /** Undefined: it cannot be watched here. Throws when `signal` aborts. */
  static async start({ directories, files }: WatchList, signal: AbortSignal): Promise<FileWatch | undefined> {
    const started = new FileWatch(files);
    for (const [index, directory] of directories.entries()) {
      if (index % BATCH === 0) await setImmediate();
      if (!signal.aborted && started.#watch(directory)) continue;
      started.close();
      signal.throwIfAborted();
      return undefined;
    }
    return started;
  }

  /** Whether nothing has happened since it began, up to the moment of the call. */
  async isQuiet(): Promise<boolean> {
    // What was told before the call is read between these two.
    await setImmediate();
    await setImmediate();
    return this.#isQuiet && describeFiles(this.#files) === this.#fileStates;
  }

  close(): void {
    this.#isQuiet = false;
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    this.#disturb();
  }

  /** False: too many are watched already, or it is gone, or may change in silence. */
  #watch(directory: string | Buffer): boolean {
    try {
      if (!LOCAL_FILE_SYSTEMS.has(statfsSync(directory).type)) return false;
      // The first event is enough. So a queue of events that overflows is no danger: it has had a first one.
      const watcher = watch(directory, { persistent: false }, () => this.close());
      watcher.on("error", () => this.close());
      this.#watchers.push(watcher);
      return true;
    } catch {
      return false;
    }
  }
}

function describeFiles(files: WatchList["files"]): string {
  return files.map(describeFile).join("\n");
}

function describeFile(file: string | Buffer): string {
  try {
    return formatIdentity(identify(lstatSync(file)));
  } catch {
    return "nothing";
  }
}
