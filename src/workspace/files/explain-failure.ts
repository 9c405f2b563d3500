// Says plainly that a path is a directory, where the guest can only say that it is no file.

import { PyroError } from "../../contract/errors.js";
import type { GuestFiles } from "../../guest/files.js";
import { formatWorkspacePath } from "./workspace-path.js";

/** The error to throw for what reading or writing the file at `bytePath` failed with. */
export async function explainFailure(
  error: unknown,
  files: GuestFiles,
  bytePath: string,
  signal: AbortSignal,
  root?: string,
): Promise<unknown> {
  if (!(error instanceof PyroError) || (error.code !== "conflict" && error.code !== "invalid_input"))
    return error;
  const [found] = await files.stat([bytePath], signal);
  if (found?.type !== "directory") return error;
  return new PyroError("invalid_input", `${formatWorkspacePath(bytePath, root)} is a directory`, {
    hint: "List what it holds with `pyro workspace file list ID PATH`.",
    cause: error,
  });
}
