// What git keeps of a file's type and permissions.

export const GIT_FILE = "100644";
export const GIT_EXECUTABLE = "100755";
export const GIT_SYMLINK = "120000";

export type GitMode = typeof GIT_FILE | typeof GIT_EXECUTABLE | typeof GIT_SYMLINK;

/** Of a regular file with these permissions. */
export function gitFileMode(mode: number): GitMode {
  return (mode & 0o100) === 0 ? GIT_FILE : GIT_EXECUTABLE;
}
