// A copy of the package that a test may damage: what npm would install, with the native programs linked.

import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { LIBEXEC_DIR, PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";

export interface PackageCopy extends AsyncDisposable {
  readonly directory: string;
  readonly cli: string;
  readonly libexec: string;
}

/** Files in `libexec` are hard links: remove one before writing another in its place. */
export async function copyPackage(version?: string): Promise<PackageCopy> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-package-"));
  const libexec = path.join(directory, "libexec");
  await chmod(directory, 0o755);
  const parts = ["bin", "dist"].map((name) => path.join(PACKAGE_ROOT, name));
  await copyTree(["cp", "-a", ...parts, directory]);
  // The native programs are large; across file systems they cannot be linked.
  await copyTree(["cp", "-al", LIBEXEC_DIR, libexec]).catch(() =>
    copyTree(["cp", "-a", LIBEXEC_DIR, libexec]),
  );
  await symlink(path.join(PACKAGE_ROOT, "node_modules"), path.join(directory, "node_modules"));
  await writeManifest(directory, version);
  const dispose = () => rm(directory, { recursive: true, force: true });
  return { directory, libexec, cli: path.join(directory, "bin", "pyro"), [Symbol.asyncDispose]: dispose };
}

async function copyTree(argv: [string, ...string[]]): Promise<void> {
  const { exitCode, stderr } = await runProcess(argv);
  if (exitCode !== 0) throw new Error(stderr);
}

async function writeManifest(directory: string, version: string | undefined): Promise<void> {
  const text = await readFile(path.join(PACKAGE_ROOT, "package.json"), "utf8");
  const manifest = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const changed = version === undefined ? manifest : { ...manifest, version };
  await writeFile(path.join(directory, "package.json"), JSON.stringify(changed));
}
