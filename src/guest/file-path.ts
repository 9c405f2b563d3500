// Paths of a guest's files, as they cross the protocol: bytes there, strings of one character per byte here.

import { PyroError } from "../contract/errors.js";
import { PATH_MAX_BYTES } from "../platform/byte-path.js";

export function encodePath(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(path, "latin1"));
}

/** What the guest says may be any bytes; whether they make a path, `isGuestPath` tells. */
export function decodePath(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Relative, without empty, "." and ".." names and NUL; "" is the root. */
export function isGuestPath(path: string): boolean {
  if (path === "") return true;
  if (path.length > PATH_MAX_BYTES || path.includes("\0")) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

/** Everything below `directory`, which may be the root, and not `directory` itself. */
export function isBelow(path: string, directory: string): boolean {
  return directory === "" ? path !== "" : path.startsWith(`${directory}/`);
}

/** The guest broke the protocol: whatever it says after that is not to be believed either. */
export function wrongAnswer(what: string): PyroError {
  return new PyroError("guest_died", `the guest's agent gave a wrong answer: ${what}`);
}
