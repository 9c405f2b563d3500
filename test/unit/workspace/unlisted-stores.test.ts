// What a daemon keeps is found by what its stores list: one that cannot be listed must not look empty.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { LayerStore } from "../../../src/machine/layers/layer-store.js";
import { SeedStore } from "../../../src/seed/seed-store.js";
import { Baselines } from "../../../src/workspace/baselines.js";
import { WorkspaceStore } from "../../../src/workspace/workspace-store.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test.each([
  ["workspaces", (stateDir: string) => new WorkspaceStore(stateDir).readAll()],
  ["seeds", (stateDir: string) => new SeedStore({ stateDir }).list()],
  [
    "baselines",
    (stateDir: string) => new Baselines({ stateDir, layers: new LayerStore(stateDir) }).collect(new Set()),
  ],
] as const)("%s that cannot be listed are not taken for none", async (name, list) => {
  const stateDir = await makeTempDirectory();
  await expect(list(stateDir)).resolves.toBeDefined();
  // In the directory's place: stands for every failure to read it, such as the want of a descriptor.
  await writeFile(path.join(stateDir, name), "");
  await expect(list(stateDir)).rejects.toMatchObject({ code: "ENOTDIR" });
});
