// The text of a file of the user's, or of stdin, for a field of an input.

import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { isSystemError, PyroError } from "../contract/errors.js";
import { TEXT_FILE_MAX_BYTES } from "../contract/limits.js";

/** `-` is stdin. Exactly what the file holds, a byte order mark too. */
export async function readTextFile(file: string, signal: AbortSignal): Promise<string> {
  const name = file === "-" ? "stdin" : file;
  const bytes = await readBounded(file === "-" ? process.stdin : createReadStream(file), name, signal);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PyroError("not_text", `${name} is not UTF-8 text`, {
      hint: "Copy files of other kinds with `pyro workspace sync push ID SOURCE`.",
      cause,
    });
  }
}

async function readBounded(stream: Readable, name: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError("a stream of bytes is needed");
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > TEXT_FILE_MAX_BYTES) throw tooLarge(name);
    }
  } catch (error) {
    throw describeReadFailure(error, name);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string): PyroError {
  return new PyroError("invalid_input", `${name} is larger than ${TEXT_FILE_MAX_BYTES} bytes`, {
    hint: "Copy large files with `pyro workspace sync push ID SOURCE`.",
  });
}

function describeReadFailure(cause: unknown, name: string): unknown {
  const hint = "Give a file that you can read, or `-` for stdin.";
  if (isSystemError(cause, "ENOENT", "ENOTDIR")) {
    return new PyroError("path_not_found", `there is no file ${name}`, { hint, cause });
  }
  if (isSystemError(cause, "EACCES", "EISDIR", "EIO", "ELOOP", "ENAMETOOLONG", "ENXIO", "EPERM")) {
    const reason = cause instanceof Error ? cause.message : "";
    return new PyroError("invalid_input", `${name} cannot be read: ${reason}`, { hint, cause });
  }
  return cause;
}
