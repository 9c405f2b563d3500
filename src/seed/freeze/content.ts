// Where the content of a file of a seed is while it is frozen.

import { closeSync, openSync, type Stats } from "node:fs";
import path from "node:path";
import type { StoredPiece } from "../deferred-record.js";
import { type FileIdentity, identify, isSameFile } from "../file-identity.js";
import { openHostFile, readFully } from "../host-file.js";

export type Content =
  /** A file of the user's, as it was when it was listed. */
  | { readonly kind: "host"; readonly file: string | Buffer; readonly identity: FileIdentity }
  | ({ readonly kind: "stored" } & StoredPiece)
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** Content that can be read now. */
export interface OpenedContent {
  /** Of a file of the user's that is not any more as it was listed: what it is now. */
  readonly changed: Stats | undefined;
  /** As the tar's writer wants it. */
  read(target: Buffer, offset: number, length: number, position: number): number;
  close(): void;
}

/** Undefined: it is gone. Throws a system error when it may not be read. */
export function openContent(content: Content, seedDir: string): OpenedContent | undefined {
  switch (content.kind) {
    case "bytes":
      return {
        changed: undefined,
        read: (target, offset, length, position) => {
          const piece = content.bytes.subarray(position, position + length);
          target.set(piece, offset);
          return piece.length;
        },
        close: () => undefined,
      };
    case "stored": {
      const descriptor = openSync(path.join(seedDir, content.fileName), "r");
      return openedAt(descriptor, content.offset, undefined);
    }
    case "host": {
      const opened = openHostFile(content.file);
      if (!opened) return undefined;
      const isChanged = !isSameFile(identify(opened.stats), content.identity);
      return openedAt(opened.descriptor, 0, isChanged ? opened.stats : undefined);
    }
  }
}

function openedAt(descriptor: number, start: number, changed: Stats | undefined): OpenedContent {
  return {
    changed,
    read: (target, offset, length, position) =>
      readFully(descriptor, target, offset, length, start + position),
    close: () => closeSync(descriptor),
  };
}
