// Paths of a workspace: what users write, and the byte paths relative to /workspace that the code works with.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import { NAME_MAX_BYTES, PATH_MAX_BYTES, toBytePath, toReadablePath } from "../../platform/byte-path.js";

/**
 * The byte path relative to `root` ("" is `root` itself) of a user's path, absolute or relative to /workspace. Dots
 * are resolved as text; links are the guest's business. Errors: `path_outside_workspace`, `invalid_input`.
 */
export function resolveWorkspacePath(text: string, root = WORKSPACE_PATH): string {
  if (text === "") throw invalidPath(text, "is empty; /workspace itself is `.`");
  if (text.includes("\0")) throw invalidPath(text, "holds a NUL");
  // Encoding would put a replacement for it, and so name another file.
  if (/\p{Surrogate}/u.test(text)) throw invalidPath(text, "is not valid Unicode");
  const absolute = path.posix.resolve(WORKSPACE_PATH, text);
  const within = pathWithin(absolute, root);
  if (within === undefined) throw new PyroError("path_outside_workspace", `${text} is outside of ${root}`);
  if (Buffer.byteLength(absolute) > PATH_MAX_BYTES) {
    throw invalidPath(text, `is longer than ${PATH_MAX_BYTES} bytes`);
  }
  const relative = toBytePath(within);
  if (relative.split("/").some((name) => name.length > NAME_MAX_BYTES)) {
    throw invalidPath(text, `holds a name longer than ${NAME_MAX_BYTES} bytes`);
  }
  return relative;
}

/** The absolute path for people and programs; what is not UTF-8 in it is replaced. */
export function formatWorkspacePath(bytePath: string, root = WORKSPACE_PATH): string {
  return path.posix.join(root, toReadablePath(bytePath));
}

/** An absolute path as one relative to `root`, of either kind of paths; undefined when it is not there. */
export function pathWithin(absolute: string, root: string): string | undefined {
  if (absolute === root) return "";
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return absolute.startsWith(prefix) ? absolute.slice(prefix.length) : undefined;
}

/** A byte path for people and programs, as it is; what is not UTF-8 in it is replaced. */
export function decodeBytePath(bytePath: string): string {
  return toReadablePath(bytePath);
}

function invalidPath(text: string, problem: string): PyroError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new PyroError("invalid_input", `the path ${JSON.stringify(shown)} ${problem}`);
}
