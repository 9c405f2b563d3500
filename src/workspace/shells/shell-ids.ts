// Ids of shells. The first characters tell which guest a shell belongs to: of one that is gone with its guest can be
// said just that, however long ago.

import { createHash, randomBytes } from "node:crypto";
import { formatShellId, type ShellId } from "../../contract/ids.js";

const GUEST_BYTES = 4;
const ID_BYTES = 12;
const GUEST_PART = /^sh_([a-z2-7]{4})/;

export function newShellId(machineId: string): ShellId {
  return formatShellId(Buffer.concat([guestPart(machineId), randomBytes(ID_BYTES - GUEST_BYTES)]));
}

/** Whether a shell of this id can be one of this guest's. */
export function isShellOf(shellId: string, machineId: string): boolean {
  const own = formatShellId(Buffer.concat([guestPart(machineId), Buffer.alloc(ID_BYTES - GUEST_BYTES)]));
  return GUEST_PART.exec(shellId)?.[1] === GUEST_PART.exec(own)?.[1];
}

function guestPart(machineId: string): Buffer {
  return createHash("sha256").update(machineId).digest().subarray(0, GUEST_BYTES);
}
