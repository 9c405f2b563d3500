// A push of a test: from one directory of this machine into another one, which stands for the guest's.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { GuestFiles } from "../../../../src/guest/files.js";
import {
  pushIntoGuest,
  type PushRequest,
  type PushResult,
} from "../../../../src/workspace/sync/push-into-guest.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

export interface TestPush {
  readonly source: string;
  /** The guest's /workspace. */
  readonly workspace: string;
  readonly scratchDir: string;
  readonly push: (options?: Partial<PushRequest>) => Promise<PushResult>;
}

export async function usePush(
  makeFiles: (root: string) => GuestFiles = makeDirectoryFiles,
): Promise<TestPush> {
  const directory = await makeTempDirectory();
  const source = path.join(directory, "source");
  const workspace = path.join(directory, "workspace");
  const scratchDir = path.join(directory, "state/push");
  for (const each of [source, workspace]) await mkdir(each);
  const files = makeFiles(workspace);
  return {
    source,
    workspace,
    scratchDir,
    push: (options = {}) =>
      pushIntoGuest({
        files,
        sourcePath: source,
        dest: "/workspace",
        host: { scratchDir, ownDirs: [], homeDir: directory },
        signal: new AbortController().signal,
        onProgress: () => undefined,
        ...options,
      }),
  };
}

function makeDirectoryFiles(root: string): GuestFiles {
  return new DirectoryFiles(root);
}
