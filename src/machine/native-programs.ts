// The package's native programs, as copies in the state: `engine/<digest>/<name>`, checked against their digests.
//
// What runs keeps using the build that it was started with, also after the package was updated or removed. The
// prefix is stable because AppArmor profiles name it.

import { createHash } from "node:crypto";
import { chmod, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isSystemError, PyroError } from "../contract/errors.js";
import { writeFileAtomic } from "../platform/atomic-file.js";
import { Scope } from "../platform/scope.js";

const Program = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), version: z.string() });
const Manifest = z.object({ runsc: Program, "pyro-agent": Program, "pyro-helper": Program.optional() });

export type ProgramManifest = z.infer<typeof Manifest>;

/** Whatever the umask: as root the Sentry starts itself again as nobody, who must be allowed to execute it. */
const PROGRAM_MODE = 0o755;
const BUILD_HINT = "Reinstall the package, or run `make build` in a checkout; then see `pyro doctor`.";

export async function readProgramManifest(libexecDir: string): Promise<ProgramManifest> {
  const file = path.join(libexecDir, "manifest.json");
  try {
    return Manifest.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const what = isSystemError(error, "ENOENT") ? "are missing" : "have a damaged manifest";
    throw new PyroError("engine_unavailable", `the engine's programs ${what}: ${file}`, {
      hint: BUILD_HINT,
      cause: error,
    });
  }
}

/** Makes sure that a program of the package is in the state; returns its path there. */
export async function installProgram(
  libexecDir: string,
  stateDir: string,
  name: keyof ProgramManifest,
  sha256: string,
): Promise<string> {
  const directory = path.join(stateDir, "engine", sha256.slice(0, 16));
  const target = path.join(directory, name);
  const source = path.join(libexecDir, name);
  if (await isInstalled(target, source)) return target;
  // With what a killed or full copy has left. One daemon at a time does this: it has the state's lock.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await using scope = new Scope();
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  await writeFileAtomic(target, readVerified(source, sha256), PROGRAM_MODE);
  await chmod(target, PROGRAM_MODE);
  scope.move();
  return target;
}

/** The bytes of a program, of which a wrong digest is an error after the last: 80 MB need not be in memory at once. */
async function* readVerified(source: string, sha256: string): AsyncGenerator<Uint8Array> {
  const name = path.basename(source);
  const hash = createHash("sha256");
  const file = await open(source).catch((error: unknown) => {
    throw new PyroError("engine_unavailable", `${name} is missing: ${source}`, {
      hint: BUILD_HINT,
      cause: error,
    });
  });
  for await (const chunk of file.createReadStream()) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError("a stream of bytes is needed");
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") === sha256) return;
  throw new PyroError(
    "engine_unavailable",
    `${name} is not the build that belongs to this package: ${source}`,
    { hint: BUILD_HINT },
  );
}

/** Of the same size as the package's own: a copy that a power cut or a hand has cut short would never start. */
async function isInstalled(target: string, source: string): Promise<boolean> {
  const installed = await stat(target).catch(() => undefined);
  const shipped = await stat(source).catch(() => undefined);
  if (!installed || (installed.mode & PROGRAM_MODE) !== PROGRAM_MODE) return false;
  return shipped === undefined || shipped.size === installed.size;
}
