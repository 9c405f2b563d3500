// What `prepare` keeps, over a played engine and an environment that is always there.

import { expect, test } from "vitest";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import type { InstalledEnvironment } from "../../../src/environment/installed-environment.js";
import type { EngineReport } from "../../../src/machine/engine.js";
import { MachinePool } from "../../../src/machine/pool.js";
import { findWarmth, prepare } from "../../../src/vm/prepare.js";
import { PreparationStore } from "../../../src/vm/preparation.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { PlayedEngine } from "../machine/played-engine.js";

const REPORT: EngineReport = {
  name: "played",
  platform: "none",
  version: "1",
  securityBoundary: true,
  memoryLimit: "cgroup",
  build: { engine: "e", agent: "a" },
  kvmBootsGuest: false,
  problems: [],
};
const INSTALLED: InstalledEnvironment = {
  name: "docker.io/library/python:3.12",
  version: "3.12",
  digest: "sha256:1",
  installDir: "/e",
  rootfsDir: "/e/rootfs",
  sizeBytes: 1,
  ownCommand: undefined,
  manifest: {
    name: "docker.io/library/python:3.12",
    version: "3.12",
    source: "oci",
    recipe: "r",
    mirrors: [],
    digest: "sha256:1",
    listingDigest: "l",
    packages: [],
    installedAt: 1,
    sizeBytes: 1,
    entryCount: 1,
  },
};

class InstalledOnly extends EnvironmentStore {
  override find(): Promise<InstalledEnvironment> {
    return Promise.resolve(INSTALLED);
  }

  override pull(): Promise<InstalledEnvironment> {
    return Promise.resolve(INSTALLED);
  }
}

class ProbedEngine extends PlayedEngine {
  override probe(): Promise<EngineReport> {
    return Promise.resolve(REPORT);
  }
}

test("what was prepared by one spelling of an image is warm by every other", async () => {
  const cacheDir = await makeTempDirectory();
  const engine = new ProbedEngine();
  const parts = {
    environments: new InstalledOnly(cacheDir),
    engine,
    pool: new MachinePool({ engine, enabled: false, onFailure: () => undefined }),
    preparations: new PreparationStore(cacheDir),
  };
  const ask = (environment: string) =>
    prepare(parts, {
      environment,
      force: false,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onStep: () => undefined,
      prove: () => Promise.resolve(),
      proveNetwork: undefined,
    });
  expect(await ask("docker.io/python:3.12")).toMatchObject({
    reused: false,
    preparation: { environment: "docker.io/library/python:3.12" },
  });
  expect(await findWarmth(parts, "docker.io/library/python:3.12")).toMatchObject({ state: "warm" });
  expect(await ask("docker.io/library/python:3.12")).toMatchObject({ reused: true });
  expect(await ask("docker.io/python:3.12")).toMatchObject({ reused: true });
  await parts.pool.close();
});
