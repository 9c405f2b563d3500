// Where a host program is, by the same PATH with which programs are started.

import { access, constants } from "node:fs/promises";
import path from "node:path";
import { HOST_ENV } from "./processes.js";

/**
 * The absolute path of an executable program; undefined when `searchPath`, written as PATH is, has none of that name.
 * Relative directories of it are passed over.
 */
export async function findProgram(
  name: string,
  searchPath: string = HOST_ENV.PATH,
): Promise<string | undefined> {
  for (const directory of searchPath.split(":")) {
    if (!path.isAbsolute(directory)) continue;
    const file = path.join(directory, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return undefined;
}
