// A bare Git repository for one diff, which nothing outside of it has a say in.
//
// `git init` would cost a process and copy the host's templates, hooks among them.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { HOST_ENV } from "../../platform/processes.js";

/** Names in the repository that end so are binary to git, whatever their content is. */
export const BINARY_SUFFIX = "b";

/** No fsync and no compression: it lives for one diff. */
const CONFIG = `[core]
	repositoryformatversion = 0
	bare = true
	fsync = none
	compression = 0
	attributesFile = /dev/null
	hooksPath = /dev/null
[pack]
	compression = 0
[fastimport]
	unpackLimit = 0
[gc]
	auto = 0
`;

export interface ScratchRepository extends AsyncDisposable {
  readonly path: string;
  /** The whole environment of git's processes. */
  readonly env: Readonly<Record<string, string>>;
}

export async function makeScratchRepository(parentDir: string): Promise<ScratchRepository> {
  const directory = await mkdtemp(path.join(parentDir, "pyro-diff-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await fill(directory);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    path: directory,
    env: {
      ...HOST_ENV,
      HOME: directory,
      GIT_DIR: directory,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_ATTR_NOSYSTEM: "1",
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function fill(directory: string): Promise<void> {
  for (const name of ["objects", "refs", "info"]) await mkdir(path.join(directory, name));
  await writeFile(path.join(directory, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(path.join(directory, "config"), CONFIG);
  await writeFile(path.join(directory, "info", "attributes"), `*${BINARY_SUFFIX} -diff\n`);
}
