// Which program holds guests' network stacks: that of the package, as a copy in the state.

import { PyroError } from "../contract/errors.js";
import { installProgram, readProgramManifest } from "../machine/native-programs.js";
import { LIBEXEC_DIR } from "../platform/package-files.js";

const NAME = "pyro-helper";

/** Returns its path. Fails with `network_unavailable` when the package has none. */
export async function ensureHelperProgram(stateDir: string, libexecDir = LIBEXEC_DIR): Promise<string> {
  const { [NAME]: helper } = await readProgramManifest(libexecDir);
  if (helper) return installProgram(libexecDir, stateDir, NAME, helper.sha256);
  throw new PyroError("network_unavailable", `the package has no ${NAME}, which guests' networks need`);
}
