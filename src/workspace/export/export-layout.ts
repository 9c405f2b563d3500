// An image as a directory of the host: made in a staging directory beside the output, which gets the output's name when
// it is whole.

import path from "node:path";
import { HeldDirectory } from "./held-directory.js";
import { judgeOutputPath } from "./output-path.js";
import { placeOutput } from "./place-output.js";
import { makeStaging, NEW_NAME, type StagingJournal } from "./staging.js";
import { throughStaging } from "./through-staging.js";

export interface LayoutRequest {
  /** Absolute path of the host. Its parent exists. */
  readonly outputPath: string;
  readonly protectedPaths: readonly string[];
  readonly journal: StagingJournal;
  readonly signal: AbortSignal;
}

/**
 * `make` makes the directory that it is given. Replaces nothing. Errors: those of judgeOutputPath, before anything is
 * made; `export_refused`.
 */
export async function exportLayout<Made>(
  { outputPath, protectedPaths, journal, signal }: LayoutRequest,
  make: (directory: string) => Promise<Made>,
): Promise<Made> {
  const output = await judgeOutputPath(outputPath, { force: undefined, protectedPaths });
  return throughStaging(journal, output, async (stagingPath) => {
    await using parent = await HeldDirectory.open(output.parentDir);
    await using staging = await makeStaging(stagingPath);
    // Another process makes it, for which the paths of held directories mean nothing.
    const made = await make(path.join(stagingPath, NEW_NAME));
    signal.throwIfAborted();
    await placeOutput({
      parentDir: parent.path,
      stagingDir: staging.path,
      output,
      artifactType: "directory",
    });
    await parent.sync();
    return made;
  });
}
