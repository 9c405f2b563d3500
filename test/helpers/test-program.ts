// A TypeScript module of the tests as a program of its own: for what another user of the host has to do, or what is to
// be killed while it does it.

import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { rolldown } from "rolldown";
import { LIBEXEC_DIR, PACKAGE_ROOT } from "../../src/platform/package-files.js";

export interface TestProgram extends AsyncDisposable {
  /** To be run as `cli` of a TestPyro: with its variables, and as its user. */
  readonly file: string;
}

/** Bundles `entry`, a path below test/, with what it imports. It finds the package's native programs. */
export async function buildTestProgram(entry: string): Promise<TestProgram> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-program-"));
  const file = path.join(directory, "program.mjs");
  const bundle = await rolldown({
    input: path.join(PACKAGE_ROOT, "test", entry),
    platform: "node",
    // Node 20 knows no `using`.
    transform: { target: "es2022" },
    logLevel: "warn",
  });
  await bundle.write({ file, format: "esm" });
  await bundle.close();
  // By these the code knows where its package is.
  await writeFile(path.join(directory, "package.json"), '{"type":"module","version":"0.0.0"}');
  await symlink(LIBEXEC_DIR, path.join(directory, "libexec"));
  await chmod(directory, 0o755);
  return { file, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
