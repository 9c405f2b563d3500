// Settings of one test, with every directory below one that goes with it.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { resolveSettings, type Settings } from "../../../src/platform/settings.js";
import { makeTempDirectory } from "./temp-directory.js";

/** The runtime directory's parent is made, so that the settings use it; the others are not. */
export async function makeSettings(stateName = "state"): Promise<Settings> {
  const directory = await makeTempDirectory();
  const runtimeParent = path.join(directory, "r");
  await mkdir(runtimeParent, { mode: 0o700 });
  return resolveSettings({
    HOME: directory,
    XDG_RUNTIME_DIR: runtimeParent,
    PYRO_STATE_DIR: path.join(directory, stateName),
  });
}
