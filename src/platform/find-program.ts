// Where a host program is, by the same PATH with which programs are started.

import { access, constants } from "node:fs/promises";
import path from "node:path";
import { HOST_ENV } from "./processes.js";

/** The absolute path of an executable program; undefined when the host has none of that name. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const directory of HOST_ENV.PATH.split(":")) {
    const file = path.join(directory, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return undefined;
}
