// `make publish-environments`: what is built twice from the same packages is the same image, and serves the catalogue.

import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOST_ENV, runProcess } from "../../src/platform/processes.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { run } from "../helpers/images/make-images.js";
import { startRegistry, type Registry } from "../helpers/images/registry.js";
import { matching } from "../helpers/images/use-images.js";
import { OrdinaryUser } from "../helpers/ordinary-user.js";
import { TestPyro } from "../helpers/test-pyro.js";

const NAME = "debian:12-base";
const SCRIPT = path.join(PACKAGE_ROOT, "scripts/publish-environments.mjs");

describe.skipIf(process.geteuid?.() !== 0)(
  "published environments (needs root, whose installs have owners)",
  () => {
    let directory = "";
    const registries: Registry[] = [];
    const published: string[] = [];

    /** Into a registry of its own, from an install of its own. */
    async function publish(name: string): Promise<void> {
      const files = path.join(directory, name);
      const registry = await startRegistry(files, { storage: path.join(files, "storage") });
      registries.push(registry);
      const { exitCode, stdout, stderr } = await runProcess(
        [process.execPath, SCRIPT, `${registry.host}/pyro`, NAME],
        { cwd: PACKAGE_ROOT, env: { ...HOST_ENV, HOME: directory } },
      );
      if (exitCode !== 0) throw new Error(stderr);
      published.push(stdout.trim());
    }

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), "pyro-published-"));
      await publish("one");
      await publish("other");
    });

    afterAll(async () => {
      for (const each of registries) await each[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    });

    test("have the same digest in two registries, from two installs", () => {
      const digests = published.map((line) => line.split("@")[1]);
      expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(digests[1]).toBe(digests[0]);
    });

    test("come first when the catalogue's registry is named, for root and for an ordinary user", async () => {
      const host = registries[0]?.host ?? "";
      const extra = { PYRO_CATALOG_REGISTRY: `${host}/pyro` };
      await using user = await OrdinaryUser.ensure();
      for (const identity of [undefined, user]) {
        await using pyro = await TestPyro.create({ ...extra, PYRO_ENVIRONMENT_CACHE_DIR: "" }, identity);
        const pulled = await pyro.json(["env", "pull", NAME]);
        expect(pulled.value).toMatchObject({
          name: NAME,
          source: "oci",
          install_manifest: {
            digest: published[0]?.split("@")[1],
            image: { reference: `${host}/pyro/${NAME}` },
          },
        });
        const look = "dpkg -s bash | grep ^Status; stat -c %a /etc/shadow /usr/bin/su; id -un";
        const { stdout } = await pyro.run(["run", NAME, "--", "sh", "-c", look]);
        expect(stdout.toString()).toBe("Status: install ok installed\n640\n4755\nroot\n");
      }
    });

    test("say what they are, and when the newest of their packages was made", async () => {
      const inspected: unknown = JSON.parse(
        await run(
          "skopeo",
          "inspect",
          "--tls-verify=false",
          `docker://${registries[0]?.host ?? ""}/pyro/${NAME}`,
        ),
      );
      expect(inspected).toMatchObject({
        Labels: { "org.opencontainers.image.title": NAME },
        Layers: [matching(/^sha256:/)],
        Created: matching(/^20\d\d-.*Z$/),
      });
    });

    test("are not made by an ordinary user, whose installs have no owners", async () => {
      const argv = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        process.execPath,
        SCRIPT,
      ] as const;
      const { exitCode, stderr } = await runProcess([...argv, "localhost:9", NAME], { cwd: "/" });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: matching(/run it as root/) });
    });
  },
);
