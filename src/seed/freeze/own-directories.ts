// Directories of ours: a seed that held its own store would never come to an end.

import path from "node:path";
import { joinBytePath } from "../../platform/byte-path.js";
import type { FreezeRequest } from "./freeze-context.js";

type OwnDirectories = Pick<FreezeRequest, "ownDirs">;

/** Whether the directory `bytePath` below `root` is one of ours. */
export function isOwnDirectory(root: string, bytePath: string, { ownDirs }: OwnDirectories): boolean {
  const hostPath = joinBytePath(root, bytePath);
  return typeof hostPath === "string" && ownDirs.includes(hostPath);
}

/** Whether `hostPath` is one of ours or below one. */
export function isInOwnDirectory(hostPath: string, { ownDirs }: OwnDirectories): boolean {
  return ownDirs.some((own) => hostPath === own || hostPath.startsWith(own + path.sep));
}
