// What the user pipes into us goes to the guest's command. A terminal does not: there is no one to type for.

import { fstatSync } from "node:fs";
import { isSystemError } from "../contract/errors.js";

export function openStdin(): AsyncIterable<Uint8Array> | undefined {
  if (process.stdin.isTTY) return undefined;
  try {
    // /dev/null, as most programs start us with: nothing to send.
    return fstatSync(0).isCharacterDevice() ? undefined : process.stdin;
  } catch (error) {
    if (isSystemError(error, "EBADF")) return undefined;
    throw error;
  }
}
