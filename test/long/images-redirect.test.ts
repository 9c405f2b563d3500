// Real registries in a network of their own that send for blobs elsewhere: to the kind of network where they are
// themselves, or to one that they are no part of.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { pushSample, SETTLE } from "../helpers/images/faulty-pull.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { NetworkLab, OUTSIDE } from "../helpers/network-lab.js";
import { TestPyro } from "../helpers/test-pyro.js";

const isRoot = process.geteuid?.() === 0;

// Namespaces with addresses need root.
describe.skipIf(!isRoot)("a registry that redirects", () => {
  const images = useImages(false);
  const registries: ChildProcess[] = [];
  let lab: NetworkLab | undefined;

  beforeAll(async () => {
    await pushSample(images().registry);
    lab = await NetworkLab.create();
  });
  afterAll(async () => {
    for (const child of registries) {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    }
    await lab?.[Symbol.asyncDispose]();
  });

  /** A registry of the same images on all addresses outside, which sends to `baseurl` for their blobs. */
  async function startRedirecting(port: number, baseurl: string): Promise<void> {
    const directory = await mkdtemp(path.join(images().directory, "redirecting-"));
    const config = {
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: path.join(images().directory, "storage") } },
      http: { addr: `:${port}` },
      middleware: { storage: [{ name: "redirect", options: { baseurl } }] },
    };
    // YAML holds JSON.
    await writeFile(path.join(directory, "config.yml"), JSON.stringify(config));
    const [program = "", ...rest] = lab?.outside ?? [];
    const argv = [...rest, "docker-registry", "serve", path.join(directory, "config.yml")];
    registries.push(spawn(program, argv, { stdio: "ignore" }));
  }

  test.each([
    ["on the internet to a private range", OUTSIDE.public, `http://${OUTSIDE.private}:9/`, "image_hostile"],
    ["on the internet to link-local", OUTSIDE.public, `http://${OUTSIDE.metadata}:9/`, "image_hostile"],
    ["on the internet to loopback", OUTSIDE.public, "http://127.0.0.1:9/", "image_hostile"],
    ["in a private range to loopback", OUTSIDE.private, "http://127.0.0.1:9/", "image_hostile"],
    // It is asked, and nothing listens there.
    [
      "in a private range to the same",
      OUTSIDE.private,
      `http://${OUTSIDE.private}:9/`,
      "registry_unreachable",
    ],
    [
      "on the internet to the internet",
      OUTSIDE.public,
      `http://${OUTSIDE.public}:9/`,
      "registry_unreachable",
    ],
  ])("%s: %s to %s is %s", async (_, address, target, code) => {
    const port = 5000 + registries.length;
    const host = `${address}:${port}`;
    await startRedirecting(port, target);
    const cache = await mkdtemp(path.join(images().directory, "cache-"));
    const env = { PYRO_ENVIRONMENT_CACHE_DIR: cache, PYRO_INSECURE_REGISTRIES: host };
    await using pyro = await TestPyro.create(env, undefined, lab?.inside ?? []);
    // A registry says nowhere that it listens: until then nobody has the image.
    const inspect = ["env", "pull", `${host}/team/none:1`];
    const unknown = { value: { error: { code: "image_not_found" } } };
    await vi.waitFor(async () => expect(await pyro.json(inspect)).toMatchObject(unknown), SETTLE);
    expect(await pyro.json(["env", "pull", `${host}/team/sample:1`])).toMatchObject({
      value: { error: { code, message: matching(new RegExp(new URL(target).hostname)) } },
    });
  });
});
