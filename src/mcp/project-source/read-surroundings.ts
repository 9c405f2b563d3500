// Where this process stands.

import { readUserEnvironment } from "../../platform/user-environment.js";
import type { Surroundings } from "./detect-source.js";

export function readSurroundings(): Surroundings {
  const env = readUserEnvironment();
  try {
    return { cwd: process.cwd(), env };
  } catch {
    // The directory was removed: a client may start servers in one that it throws away.
    return { cwd: undefined, env };
  }
}
