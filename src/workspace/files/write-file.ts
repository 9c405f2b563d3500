// Writing a text file of a workspace.

import { PyroError } from "../../contract/errors.js";
import type { FilePiece, GuestFiles } from "../../guest/files.js";
import { explainFailure } from "./explain-failure.js";
import { formatWorkspacePath, resolveWorkspacePath } from "./workspace-path.js";

export interface WriteFileRequest {
  readonly files: GuestFiles;
  /** As the user gave it. */
  readonly path: string;
  readonly text: string;
  readonly signal: AbortSignal;
}

export interface WrittenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly bytesWritten: number;
  /** False: it replaced a file. */
  readonly created: boolean;
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Replaces the file as a whole, or makes it with the directories that it lacks. An existing one keeps its mode.
 * Errors: `invalid_input` for a directory, and those of GuestFiles.
 */
export async function writeFile({ files, path, text, signal }: WriteFileRequest): Promise<WrittenFile> {
  const bytePath = resolveWorkspacePath(path);
  const shown = formatWorkspacePath(bytePath);
  // Encoding would put a replacement for it, and so write another text.
  if (/\p{Surrogate}/u.test(text)) throw new PyroError("invalid_input", "the text is not valid Unicode");
  const content = Buffer.from(text);
  const sizeBytes = content.length;
  const change = { kind: "write_file", path: bytePath, sizeBytes, content: pieces(content) } as const;
  const { createdCount } = await files.apply([change], signal).catch(async (error: unknown) => {
    throw await explainFailure(error, files, bytePath, signal);
  });
  // Parents that were made count too, but a file that was there had its parents.
  return { path: shown, sizeBytes, bytesWritten: sizeBytes, created: createdCount > 0 };
}

function* pieces(content: Uint8Array): Iterable<FilePiece> {
  for (let offset = 0; offset < content.length; offset += PIECE_BYTES) {
    yield { offset, bytes: content.subarray(offset, offset + PIECE_BYTES) };
  }
}
