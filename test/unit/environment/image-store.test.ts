// What the store does about images; registries are in test/long/images.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import type { ImageRecord } from "../../../src/environment/image/image-record.js";
import type { PullProgress } from "../../../src/environment/progress.js";
import type { EnvironmentSource, SourceRequest, SourceResult } from "../../../src/environment/source.js";

const NAME = "registry.example/team/tool:1";
const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A registry with one image, whose digest can change. */
class FakeRegistry implements EnvironmentSource {
  readonly name = "oci";
  digest = digestOf("1");
  failure: PyroError | undefined;
  installCount = 0;

  async install({ entry, rootfsDir, cacheDir }: SourceRequest): Promise<SourceResult> {
    if (this.failure) throw this.failure;
    this.installCount++;
    await mkdir(path.join(rootfsDir, "usr/lib/pyro"), { recursive: true });
    await writeFile(path.join(rootfsDir, "tool"), this.digest);
    const blobs = path.join(cacheDir, "blobs/sha256");
    await mkdir(blobs, { recursive: true });
    for (const name of [this.digest, digestOf("a")]) await writeFile(path.join(blobs, name.slice(7)), name);
    const image: ImageRecord = {
      reference: entry.image ?? "",
      digest: this.digest,
      layers: [{ digest: digestOf("a"), size_bytes: 7, media_type: "tar" }],
      config: {
        env: ["A=1"],
        working_dir: "/srv",
        user: "app",
        entrypoint: ["tool"],
        cmd: ["--help"],
        shell: [],
        labels: { "org.opencontainers.image.licenses": "MIT" },
      },
      notes: [],
    };
    return { mirrors: [image.reference], image };
  }

  resolve(): Promise<string> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.digest);
  }
}

async function makeStore() {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-images-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const cacheDir = path.join(directory, "environments");
  const registry = new FakeRegistry();
  return { cacheDir, registry, store: new EnvironmentStore(cacheDir, [registry]) };
}

async function pull(store: EnvironmentStore, name = NAME) {
  const told: PullProgress[] = [];
  const install = await store.pull(name, { onProgress: (progress) => told.push(progress) });
  const asked = told.filter(({ phase }) => phase === "registry").map(({ fields }) => fields);
  return { install, asked };
}

test("an image is installed under its reference, pinned by its digest, with what the agent has to know", async () => {
  const { store, registry } = await makeStore();
  const { install } = await pull(store);
  expect(install).toMatchObject({ name: NAME, version: registry.digest, digest: registry.digest });
  expect(path.basename(install.installDir)).toMatch(
    /^registry\.example-team-tool-1\.[0-9a-f]{8}-111111111111$/,
  );
  const file = await readFile(path.join(install.rootfsDir, "usr/lib/pyro/image.json"), "utf8");
  expect(JSON.parse(file)).toEqual({ env: ["A=1"], working_dir: "/srv", user: "app", shell: [] });
  expect((await store.inspect(NAME)).installed?.manifest.image?.config.entrypoint).toEqual(["tool"]);
  expect((await store.list()).map(({ name }) => name)).toContain(NAME);
});

test("a second pull asks whether the tag has moved, and installs only then", async () => {
  const { store, registry } = await makeStore();
  const first = await pull(store);
  expect(first.asked).toEqual([]);
  expect((await pull(store)).asked).toEqual([{ unchanged: digestOf("1") }]);
  expect(registry.installCount).toBe(1);
  registry.digest = digestOf("2");
  const moved = await pull(store);
  expect(moved.asked).toEqual([{ moved_from: digestOf("1"), moved_to: digestOf("2") }]);
  expect(moved.install.digest).toBe(digestOf("2"));
  expect((await store.find(NAME))?.installDir).toBe(moved.install.installDir);
});

test("an image that is installed needs no registry; that nobody could be asked is said", async () => {
  const { store, registry } = await makeStore();
  const { install } = await pull(store);
  registry.failure = new PyroError("registry_unreachable", "the registry is down");
  expect((await store.ensure(NAME)).installDir).toBe(install.installDir);
  const again = await pull(store);
  expect(again.install.installDir).toBe(install.installDir);
  expect(again.asked).toEqual([{ unknown: "the registry is down" }]);
  const other = store.pull("registry.example/team/other");
  await expect(other).rejects.toMatchObject({ code: "registry_unreachable" });
});

test("a reference with a digest is asked about nowhere", async () => {
  const { store, registry } = await makeStore();
  const name = `registry.example/team/tool@${registry.digest}`;
  await pull(store, name);
  expect((await pull(store, name)).asked).toEqual([]);
});

test("prune keeps installed images and their blobs, and removes superseded ones with theirs", async () => {
  const { store, registry, cacheDir } = await makeStore();
  const blobs = () => readdir(path.join(cacheDir, "blobs/sha256"));
  const former = (await pull(store)).install;
  expect(await store.prune(() => false)).toMatchObject({ count: 0, freedBytes: 0 });
  registry.digest = digestOf("2");
  const { install } = await pull(store);
  const pruned = await store.prune(() => false);
  expect(pruned.deletedEnvironmentDirs).toEqual([former.installDir]);
  expect(pruned.freedBytes).toBeGreaterThan(digestOf("1").length);
  expect(await blobs()).toEqual(["2".repeat(64), "a".repeat(64)]);
  expect(await store.prune(() => true, true)).toMatchObject({ count: 0 });
  expect((await store.prune(() => false, true)).deletedEnvironmentDirs).toEqual([install.installDir]);
  expect(await blobs()).toEqual([]);
  const again = (await pull(store)).install;
  await rm(path.join(again.installDir, "manifest.json"));
  await store.prune(() => false);
  expect(await blobs()).toEqual([]);
});

test("an image of the catalogue keeps its name and version; another source that is asked for replaces it", async () => {
  const { cacheDir, registry } = await makeStore();
  const packages: EnvironmentSource = {
    name: "packages",
    install: async ({ rootfsDir }) => {
      await writeFile(path.join(rootfsDir, "built"), "");
      return { mirrors: [] };
    },
  };
  const store = new EnvironmentStore(cacheDir, [packages, registry], "registry.example/pyro");
  const image = await store.pull("debian:12-base");
  expect(image.manifest).toMatchObject({
    source: "oci",
    image: { reference: "registry.example/pyro/debian:12-base" },
  });
  expect(image.version).not.toContain("sha256");
  const built = await store.pull("debian:12-base", { source: "packages" });
  expect(built.manifest.source).toBe("packages");
  expect((await store.list()).map(({ name }) => name)).toEqual([
    "debian:12",
    "debian:12-base",
    "debian:12-build",
  ]);
  registry.failure = new PyroError("registry_denied", "401 Unauthorized");
  const told: PullProgress[] = [];
  await store.pull("debian:12", { onProgress: (progress) => told.push(progress) });
  expect(told).toContainEqual({ phase: "source", fields: { source: "oci", skipped: "401 Unauthorized" } });
});
