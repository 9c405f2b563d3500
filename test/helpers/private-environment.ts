// An environment cache of one test, with a copy of the smallest environment: one that the test may damage.

import { mkdir, readlink, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { onTestFinished } from "vitest";
import { resolveSettings } from "../../src/platform/settings.js";
import { runProcess } from "../../src/platform/processes.js";
import { makeTempDirectory } from "../unit/helpers/temp-directory.js";
import { TestPyro } from "./test-pyro.js";

const SLUG = "debian-12-base";

export interface PrivateEnvironment {
  readonly pyro: TestPyro;
  /** The copy's install. */
  readonly installDir: string;
}

/** A pyro whose environment cache is a copy. Both are gone when the test has finished. */
export async function openPrivateEnvironment(
  extra: Readonly<Record<string, string>> = {},
): Promise<PrivateEnvironment> {
  const shared = resolveSettings().environmentCacheDir;
  const cacheDir = path.join(await makeTempDirectory(), "environments");
  await mkdir(cacheDir, { mode: 0o700 });
  const name = await readlink(path.join(shared, SLUG));
  await copyTree(path.join(shared, name), path.join(cacheDir, name));
  await symlink(name, path.join(cacheDir, SLUG));
  const pyro = await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: cacheDir, ...extra });
  onTestFinished(() => pyro[Symbol.asyncDispose]());
  return { pyro, installDir: path.join(cacheDir, name) };
}

/** The same tree anew in the same place, as a reinstall makes it. */
export async function replaceInstall({ installDir }: PrivateEnvironment): Promise<void> {
  const copy = `${installDir}.new`;
  await copyTree(installDir, copy);
  await rm(installDir, { recursive: true });
  await runProcess(["mv", copy, installDir]);
}

async function copyTree(from: string, to: string): Promise<void> {
  // With owners, modes and times: an install is compared with its listing.
  const { exitCode, stderr } = await runProcess(["cp", "-a", from, to]);
  if (exitCode !== 0) throw new Error(stderr);
}
