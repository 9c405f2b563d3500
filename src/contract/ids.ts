// Branded identifiers. Random parts come from the platform's generator and are passed in as bytes.

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A one-shot guest: `vm_` and 12 lowercase base32 characters. */
export type VmId = Branded<"VmId">;
/** A workspace: `ws_` and 12 lowercase base32 characters. */
export type WorkspaceId = Branded<"WorkspaceId">;
/** A shell of a workspace's guest: `sh_` and 12 lowercase base32 characters. */
export type ShellId = Branded<"ShellId">;
/** An immutable file system layer: 32 hexadecimal digits. */
export type LayerId = Branded<"LayerId">;
/** A running sandbox: 32 hexadecimal digits; one fixed length because runsc matches ids by prefix. */
export type MachineId = Branded<"MachineId">;

const VM_ID = /^vm_[a-z2-7]{12}$/;
const WORKSPACE_ID = /^ws_[a-z2-7]{12}$/;
const SHELL_ID = /^sh_[a-z2-7]{12}$/;
const MACHINE_ID = /^[0-9a-f]{32}$/;

export function isVmId(text: string): text is VmId {
  return VM_ID.test(text);
}

export function isWorkspaceId(text: string): text is WorkspaceId {
  return WORKSPACE_ID.test(text);
}

function isShellId(text: string): text is ShellId {
  return SHELL_ID.test(text);
}

/** Layers and machines have ids of the same form. */
export function isLayerId(text: string): text is LayerId {
  return MACHINE_ID.test(text);
}

export function isMachineId(text: string): text is MachineId {
  return MACHINE_ID.test(text);
}

/** Makes a VM id from 12 random bytes, five bits of each. */
export function formatVmId(random: Uint8Array): VmId {
  const id = `vm_${formatBase32(random.subarray(0, 12))}`;
  if (!isVmId(id)) throw new RangeError("12 random bytes are needed");
  return id;
}

/** Makes a workspace id from 12 random bytes, five bits of each. */
export function formatWorkspaceId(random: Uint8Array): WorkspaceId {
  const id = `ws_${formatBase32(random.subarray(0, 12))}`;
  if (!isWorkspaceId(id)) throw new RangeError("12 random bytes are needed");
  return id;
}

/** Makes a shell id from 12 bytes, five bits of each. */
export function formatShellId(bytes: Uint8Array): ShellId {
  const id = `sh_${formatBase32(bytes.subarray(0, 12))}`;
  if (!isShellId(id)) throw new RangeError("12 bytes are needed");
  return id;
}

/** Makes a layer id from 16 random bytes. */
export function formatLayerId(random: Uint8Array): LayerId {
  const id = Buffer.from(random.subarray(0, 16)).toString("hex");
  if (!isLayerId(id)) throw new RangeError("16 random bytes are needed");
  return id;
}

/** Makes a machine id from 16 random bytes. */
export function formatMachineId(random: Uint8Array): MachineId {
  const id = Buffer.from(random.subarray(0, 16)).toString("hex");
  if (!isMachineId(id)) throw new RangeError("16 random bytes are needed");
  return id;
}

function formatBase32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte & 31)).join("");
}
