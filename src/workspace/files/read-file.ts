// A piece of a text file of a workspace.

import { PyroError } from "../../contract/errors.js";
import type { GuestFiles } from "../../guest/files.js";
import { describeContent, SIGNATURE_BYTES } from "./content-type.js";
import { explainFailure } from "./explain-failure.js";
import { cutUtf8, UTF8_CHARACTER_BYTES } from "./utf8-piece.js";
import { formatWorkspacePath, resolveWorkspacePath } from "./workspace-path.js";

export interface ReadFileRequest {
  readonly files: GuestFiles;
  /** As the user gave it. */
  readonly path: string;
  /** Bytes. */
  readonly offset: number;
  /** 1 to READ_MAX_BYTES.max. Less than the longest character counts as that, so that reading on moves on. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** What `files` are below; absent: /workspace. */
  readonly root?: string;
}

export interface FileText {
  readonly path: string;
  readonly sizeBytes: number;
  /** Where `content` begins: what was asked for, or the next character's start. */
  readonly offset: number;
  readonly maxBytes: number;
  /** Whole characters. */
  readonly content: string;
  /** There is more behind it. */
  readonly truncated: boolean;
  /** Where to read on; null at the end. */
  readonly nextOffset: number | null;
}

/** Errors: `not_text` with what it looks like, `invalid_input` for a directory, and those of GuestFiles. */
export async function readFile(request: ReadFileRequest): Promise<FileText> {
  const { files, offset, maxBytes, signal, root } = request;
  const bytePath = resolveWorkspacePath(request.path, root);
  const path = formatWorkspacePath(bytePath, root);
  const range = { offset, maxBytes: Math.max(maxBytes, UTF8_CHARACTER_BYTES) };
  const { entry, content } = await files.read(bytePath, range, signal).catch(async (error: unknown) => {
    throw await explainFailure(error, files, bytePath, signal, root);
  });
  const pieceEnd = offset + content.length;
  // Nothing came although the file is longer: it has shrunk meanwhile, and reading on would not move on.
  const atEnd = pieceEnd >= entry.sizeBytes || content.length === 0;
  const piece = cutUtf8(content, { atStart: offset === 0, atEnd });
  const text = decodeText(piece.bytes);
  if (text === undefined) {
    const head = offset === 0 ? content : await readHead(files, bytePath, signal);
    throw notText(path, describeContent(head));
  }
  const begin = offset + piece.skippedBytes;
  return {
    path,
    sizeBytes: entry.sizeBytes,
    offset: begin,
    maxBytes,
    content: text,
    truncated: !atEnd,
    nextOffset: atEnd ? null : begin + piece.bytes.length,
  };
}

/** Undefined when it is no text: not UTF-8, or with a NUL in it. */
function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    // A byte order mark is content too: who writes the text back must not lose it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function readHead(files: GuestFiles, bytePath: string, signal: AbortSignal): Promise<Uint8Array> {
  const { content } = await files.read(bytePath, { offset: 0, maxBytes: SIGNATURE_BYTES }, signal);
  return content;
}

function notText(path: string, looksLike: string): PyroError {
  return new PyroError("not_text", `${path} is no UTF-8 text: it looks like ${looksLike}`, {
    hint: `Get it out with \`pyro workspace export ID ${path} --output FILE\`.`,
    details: { path, looks_like: looksLike },
  });
}
