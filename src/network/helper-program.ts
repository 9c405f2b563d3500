// Which program holds guests' network stacks: that of the package, as a copy in the state.

import { PyroError, toPyroError } from "../contract/errors.js";
import { installProgram, readProgramManifest } from "../machine/native-programs.js";
import { LIBEXEC_DIR } from "../platform/package-files.js";

const NAME = "pyro-helper";

/** Returns its path. Fails with `network_unavailable` when the package has none, or not the one that it should have. */
export async function ensureHelperProgram(stateDir: string, libexecDir = LIBEXEC_DIR): Promise<string> {
  const { [NAME]: helper } = await readProgramManifest(libexecDir);
  if (!helper) throw missing(`the package has no ${NAME}, which guests' networks need`);
  return installProgram(libexecDir, stateDir, NAME, helper.sha256).catch((thrown: unknown) => {
    const { code, message } = toPyroError(thrown);
    throw code === "engine_unavailable" ? missing(message, thrown) : thrown;
  });
}

function missing(message: string, cause?: unknown): PyroError {
  return new PyroError("network_unavailable", message, {
    hint: "Reinstall the package, or run `make build` in a checkout.",
    cause,
  });
}
