// A program: pulls an environment and tells what it does, a JSON document a line. Its arguments are the cache, the
// environment's name, and where apt's sources are; "fake" stands for a source of one file, without packages.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { PyroError } from "../../src/contract/errors.js";
import { EnvironmentStore } from "../../src/environment/environment-store.js";
import { PackagesSource } from "../../src/environment/packages-source.js";
import type { EnvironmentSource } from "../../src/environment/source.js";

/** Others begin their pulls meanwhile. */
const FAKE_INSTALL_MS = 300;

const tell = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const fake: EnvironmentSource = {
  name: "packages",
  install: async ({ rootfsDir }) => {
    tell({ fake: "begun" });
    await writeFile(path.join(rootfsDir, "file"), "text");
    await setTimeout(FAKE_INSTALL_MS);
    return { mirrors: [] };
  },
};

const [cacheDir = "", environment = "", aptDir = ""] = process.argv.slice(2);
const source = aptDir === "fake" ? fake : new PackagesSource(aptDir === "" ? {} : { aptDir });
try {
  const install = await new EnvironmentStore(cacheDir, [source]).pull(environment, { onProgress: tell });
  tell({ installDir: install.installDir, digest: install.digest });
} catch (error) {
  if (!(error instanceof PyroError)) throw error;
  const { code, message, hint } = error;
  tell({ error: { code, message, hint } });
}
