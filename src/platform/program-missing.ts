// A program of the host that is not installed: which one, and which package has it.

import { existsSync } from "node:fs";
import { isSystemError, PyroError } from "../contract/errors.js";

/** Debian's packages, where they are named otherwise than the program. */
const PACKAGES: Readonly<Record<string, string>> = {
  flock: "util-linux",
  newuidmap: "uidmap",
  setpriv: "util-linux",
  setsid: "util-linux",
  sync: "coreutils",
  umount: "mount",
  unshare: "util-linux",
};

function describeMissingProgram(program: string, cause?: unknown): PyroError {
  return new PyroError("program_missing", `this host has no program ${program}`, {
    hint: `Install it, for example with \`apt-get install ${PACKAGES[program] ?? program}\`.`,
    details: { program },
    cause,
  });
}

/**
 * What a start of `program` in `cwd` that failed with `error` fails with for our callers: a program that is given by
 * its path is no host program, and a missing directory fails with the same words as a missing program.
 */
export function explainStartFailure<Thrown>(error: Thrown, program: string, cwd = "/"): Thrown | PyroError {
  const isMissing = isSystemError(error, "ENOENT") && !program.includes("/") && existsSync(cwd);
  return isMissing ? describeMissingProgram(program, error) : error;
}
