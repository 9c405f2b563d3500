// Paths of a workspace: what users write, and the byte paths relative to /workspace that the code works with.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import { toBytePath, toReadablePath } from "../../platform/byte-path.js";

/** Linux: PATH_MAX without the closing NUL, and NAME_MAX. Bytes. */
const PATH_MAX_BYTES = 4095;
const NAME_MAX_BYTES = 255;

/**
 * The byte path relative to /workspace ("" is /workspace itself) of a user's path, absolute or relative to
 * /workspace. Dots are resolved as text; links are the guest's business. Errors: `path_outside_workspace`,
 * `invalid_input`.
 */
export function resolveWorkspacePath(text: string): string {
  if (text === "") throw invalidPath(text, "is empty; /workspace itself is `.`");
  if (text.includes("\0")) throw invalidPath(text, "holds a NUL");
  // Encoding would put a replacement for it, and so name another file.
  if (/\p{Surrogate}/u.test(text)) throw invalidPath(text, "is not valid Unicode");
  const absolute = path.posix.resolve(WORKSPACE_PATH, text);
  if (absolute !== WORKSPACE_PATH && !absolute.startsWith(`${WORKSPACE_PATH}/`)) {
    throw new PyroError("path_outside_workspace", `${text} is outside of ${WORKSPACE_PATH}`);
  }
  if (Buffer.byteLength(absolute) > PATH_MAX_BYTES) {
    throw invalidPath(text, `is longer than ${PATH_MAX_BYTES} bytes`);
  }
  const relative = toBytePath(absolute.slice(WORKSPACE_PATH.length + 1));
  if (relative.split("/").some((name) => name.length > NAME_MAX_BYTES)) {
    throw invalidPath(text, `holds a name longer than ${NAME_MAX_BYTES} bytes`);
  }
  return relative;
}

/** The absolute path for people and programs; what is not UTF-8 in it is replaced. */
export function formatWorkspacePath(bytePath: string): string {
  return bytePath === "" ? WORKSPACE_PATH : `${WORKSPACE_PATH}/${toReadablePath(bytePath)}`;
}

/** A byte path for people and programs, as it is; what is not UTF-8 in it is replaced. */
export function decodeBytePath(bytePath: string): string {
  return toReadablePath(bytePath);
}

function invalidPath(text: string, problem: string): PyroError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new PyroError("invalid_input", `the path ${JSON.stringify(shown)} ${problem}`);
}
