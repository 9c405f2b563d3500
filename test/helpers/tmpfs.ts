// A small file system of a test's own. Only root can mount one.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runProcess } from "../../src/platform/processes.js";

export interface SmallFileSystem extends AsyncDisposable {
  readonly directory: string;
  remountReadOnly(): Promise<void>;
}

/** Mounts a tmpfs of `sizeMib` in a new directory; disposal unmounts it, so nothing may use it then. */
export async function mountTmpfs(sizeMib: number): Promise<SmallFileSystem> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-tmpfs-"));
  await run("mount", "-t", "tmpfs", "-o", `size=${sizeMib}m,mode=0700`, "tmpfs", directory);
  return {
    directory,
    remountReadOnly: () => run("mount", "-o", "remount,ro", directory),
    [Symbol.asyncDispose]: async () => {
      await run("umount", directory);
      await rm(directory, { recursive: true });
    },
  };
}

async function run(...argv: [string, ...string[]]): Promise<void> {
  const { exitCode, stderr } = await runProcess(argv);
  if (exitCode !== 0) throw new Error(stderr);
}
