// Which paths of a guest are on its disk: the rest is mounted while it runs.

import { PyroError } from "../../contract/errors.js";
import { formatWorkspacePath, resolveWorkspacePath } from "../files/workspace-path.js";

export const DISK_ROOT = "/";

const MOUNTED = ["/proc", "/sys", "/dev", "/run/pyro", "/run/pyro-secrets", "/usr/lib/pyro"];

/** Throws `path_not_found` for what only a running guest has. */
export function checkOnDisk(path: string): void {
  const absolute = formatWorkspacePath(resolveWorkspacePath(path, DISK_ROOT), DISK_ROOT);
  if (!isMounted(absolute)) return;
  throw new PyroError(
    "path_not_found",
    `there is no ${absolute} on the disk: it is there while a guest runs`,
    {
      hint: "List what is there with `pyro workspace disk list ID`.",
    },
  );
}

export function isMounted(absolute: string): boolean {
  return MOUNTED.some((place) => absolute === place || absolute.startsWith(`${place}/`));
}
