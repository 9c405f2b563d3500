// The names of files in a patch as paths of the workspace.

import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import { NAME_MAX_BYTES, PATH_MAX_BYTES } from "../../platform/byte-path.js";
import { showText } from "./patch-errors.js";

/** The byte path relative to /workspace. Errors: `path_outside_workspace`, `invalid_input`. */
export function resolvePatchPath(name: string): string {
  const relative = name.startsWith(`${WORKSPACE_PATH}/`) ? name.slice(WORKSPACE_PATH.length + 1) : name;
  const names = relative.split("/");
  if (relative.startsWith("/") || names.includes("..")) {
    throw new PyroError(
      "path_outside_workspace",
      `the patch names ${showText(name)}, outside of ${WORKSPACE_PATH}`,
    );
  }
  const path = names.filter((each) => each !== "" && each !== ".").join("/");
  const problem = findProblem(path);
  if (problem === undefined) return path;
  throw new PyroError("invalid_input", `the patch names ${JSON.stringify(showText(name))}: ${problem}`, {
    hint: "Name files below /workspace, none of them in .git.",
  });
}

function findProblem(path: string): string | undefined {
  if (path === "") return "that is no file";
  if (path.includes("\0")) return "it holds a NUL";
  if (path.length > PATH_MAX_BYTES) return `it is longer than ${PATH_MAX_BYTES} bytes`;
  const names = path.split("/");
  if (names.some((name) => name.length > NAME_MAX_BYTES))
    return `a name is longer than ${NAME_MAX_BYTES} bytes`;
  // Hooks and configuration of the repository are programs to whoever runs git there.
  if (names.some((name) => name.toLowerCase() === ".git")) return "a repository's own files are not patched";
  return undefined;
}

/** From the outside in, without /workspace itself. */
export function directoriesAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}
