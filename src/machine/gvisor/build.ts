// The engine's programs, of which running guests keep the build that started them.

import { createHash } from "node:crypto";
import { LIBEXEC_DIR } from "../../platform/package-files.js";
import { installProgram, readProgramManifest } from "../native-programs.js";

export interface EngineBuild {
  /** Identifies both programs together. */
  readonly digest: string;
  readonly version: string;
  /** SHA-256 of each. */
  readonly programs: { readonly engine: string; readonly agent: string };
  readonly runscPath: string;
  readonly agentPath: string;
}

/** Makes sure that the package's programs are in `stateDir`, checked against their recorded digests. */
export async function ensureEngineBuild(stateDir: string, libexecDir = LIBEXEC_DIR): Promise<EngineBuild> {
  const manifest = await readProgramManifest(libexecDir);
  const runscPath = await installProgram(libexecDir, stateDir, "runsc", manifest.runsc.sha256);
  const agentPath = await installProgram(libexecDir, stateDir, "pyro-agent", manifest["pyro-agent"].sha256);
  const digest = createHash("sha256")
    .update(manifest.runsc.sha256 + manifest["pyro-agent"].sha256)
    .digest("hex");
  const programs = { engine: manifest.runsc.sha256, agent: manifest["pyro-agent"].sha256 };
  return { digest, version: manifest.runsc.version, programs, runscPath, agentPath };
}
