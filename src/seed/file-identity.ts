// How a file of the user's is known again: when none of this has changed, its content has not.

import type { Stats } from "node:fs";

export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
  readonly sizeBytes: number;
  /** With a fraction: a quarter of a microsecond is told apart. */
  readonly mtimeMs: number;
  /** No program can set it. */
  readonly ctimeMs: number;
}

export function identify({ dev, ino, size, mtimeMs, ctimeMs }: Stats): FileIdentity {
  return { dev, ino, sizeBytes: size, mtimeMs, ctimeMs };
}

export function formatIdentity({ dev, ino, sizeBytes, mtimeMs, ctimeMs }: FileIdentity): string {
  return `${dev} ${ino} ${sizeBytes} ${mtimeMs} ${ctimeMs}`;
}

export function isSameFile(left: FileIdentity, right: FileIdentity): boolean {
  return (
    left.ctimeMs === right.ctimeMs &&
    left.mtimeMs === right.mtimeMs &&
    left.sizeBytes === right.sizeBytes &&
    left.ino === right.ino &&
    left.dev === right.dev
  );
}
