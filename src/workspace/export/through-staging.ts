// The frame of every export: noted before its staging directory is made, and cleared away however it ends.

import { toOutputError } from "./output-error.js";
import type { OutputPath } from "./output-path.js";
import { newStagingPath, removeStaging, type StagingJournal } from "./staging.js";

export async function throughStaging<Result>(
  journal: StagingJournal,
  output: OutputPath,
  act: (stagingPath: string) => Promise<Result>,
): Promise<Result> {
  const stagingPath = newStagingPath(output.parentDir);
  await journal.begin(stagingPath);
  try {
    return await act(stagingPath);
  } catch (error) {
    throw toOutputError(error, output.given);
  } finally {
    await removeStaging(stagingPath);
    await journal.end(stagingPath);
  }
}
