// Contents of many files of a guest in one call, one whole file after the other.

import { PyroError } from "../../contract/errors.js";
import type { Fetched, FetchOptions, GuestEntry, GuestFiles } from "../../guest/files.js";

export interface FetchedFile {
  readonly path: string;
  /** Undefined: there is nothing. */
  readonly entry: GuestEntry | undefined;
  /** Undefined: it is no file, or larger than asked for, or could not be read. */
  readonly content: Buffer | undefined;
  /** Of a file, when it was asked for or when its content is left out. */
  readonly sha256: string | undefined;
}

export interface FetchContentsOptions extends Pick<FetchOptions, "digest"> {
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** In the order of `paths`. */
export async function* fetchContents(
  files: GuestFiles,
  paths: readonly string[],
  { signal, ...options }: FetchContentsOptions,
): AsyncGenerator<FetchedFile> {
  if (paths.length === 0) return;
  let open: OpenFile | undefined;
  for await (const fetched of files.fetch(paths, options, signal)) {
    switch (fetched.kind) {
      case "missing":
        yield { path: fetched.path, entry: undefined, content: undefined, sha256: undefined };
        break;
      case "entry":
        if (fetched.entry.type === "file") open = openFile(fetched.entry, options.maxFileBytes);
        else yield { path: fetched.entry.path, entry: fetched.entry, content: undefined, sha256: undefined };
        break;
      case "data":
        putPiece(open, fetched);
        break;
      case "end":
        if (open) yield closeFile(open, fetched);
        open = undefined;
    }
  }
}

interface OpenFile {
  readonly entry: GuestEntry;
  readonly content: Buffer | undefined;
}

/** What lies between pieces is zeros. */
function openFile(entry: GuestEntry, maxFileBytes: number): OpenFile {
  return { entry, content: entry.sizeBytes <= maxFileBytes ? Buffer.alloc(entry.sizeBytes) : undefined };
}

function putPiece(open: OpenFile | undefined, { offset, bytes }: Fetched & { kind: "data" }): void {
  if (!open?.content || offset + bytes.length > open.content.length) {
    throw new PyroError("guest_died", "the guest has sent more of a file than it announced");
  }
  open.content.set(bytes, offset);
}

function closeFile(
  { entry, content }: OpenFile,
  { sha256, problem }: Fetched & { kind: "end" },
): FetchedFile {
  return { path: entry.path, entry, content: problem === undefined ? content : undefined, sha256 };
}
