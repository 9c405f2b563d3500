// A pull of a sample image through a FaultProxy, by a pyro with an empty cache, and what is left of it.

import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, vi } from "vitest";
import type { TestPyro } from "../test-pyro.js";
import { findProcessesWith } from "../processes-with.js";
import { FaultProxy } from "./fault-proxy.js";
import { gzipLayer, pushLayers, type Descriptor, type PushedImage } from "./push-layers.js";
import type { Registry } from "./registry.js";
import type { Images } from "./use-images.js";

const REPOSITORY = "team/sample";
/** Of the layer in the middle, which does not compress: some seconds of a slow line. */
const LARGE_BYTES = 3_000_000;
/** What follows a kill happens in other processes, which this can only look at again and again. */
export const SETTLE = { timeout: 30_000, interval: 20 };

/** Puts the sample into the registry: three layers, the second a large one. */
export async function pushSample({ host }: Registry): Promise<PushedImage> {
  const layers = [
    gzipLayer([{ path: "first", type: "file", content: Buffer.from("1\n") }]),
    gzipLayer([{ path: "large", type: "file", content: randomBytes(LARGE_BYTES) }]),
    gzipLayer([{ path: "last", type: "file", content: Buffer.from("3\n") }]),
  ];
  return pushLayers(host, [REPOSITORY, "1"], layers);
}

export class FaultyPull implements AsyncDisposable {
  readonly pyro: TestPyro;
  readonly proxy: FaultProxy;
  readonly sample: PushedImage;
  readonly reference: string;

  private constructor(pyro: TestPyro, proxy: FaultProxy, sample: PushedImage) {
    this.pyro = pyro;
    this.proxy = proxy;
    this.sample = sample;
    this.reference = `${proxy.host}/${REPOSITORY}:1`;
  }

  static async open(
    images: Images,
    sample: PushedImage,
    { registry = images.registry, env = {} }: { registry?: Registry; env?: Record<string, string> } = {},
  ): Promise<FaultyPull> {
    const proxy = await FaultProxy.start(registry.host);
    return new FaultyPull(await images.openPyro(env), proxy, sample);
  }

  get blobs(): readonly Descriptor[] {
    return [this.sample.config, ...this.sample.layers];
  }

  get large(): Descriptor {
    const [, large] = this.sample.layers;
    if (!large) throw new Error("the sample has three layers");
    return large;
  }

  async pull(reference = this.reference) {
    return this.pyro.json(["env", "pull", reference]);
  }

  /** Bytes of the sample's blobs that are in the cache, whole or not. */
  async storedBytes(): Promise<number> {
    const stored = await readBlobs(this.pyro);
    const wanted = new Set(this.blobs.map(({ digest }) => digest.replace("sha256:", "")));
    const found = stored.filter(({ name }) => wanted.has(name.replace(".partial", "")));
    return found.reduce((sum, { content }) => sum + content.length, 0);
  }

  /** Nothing of an install, and no blob that is not what its name says. */
  async expectNothingHalfMade(): Promise<void> {
    const names = await readdir(this.pyro.settings.environmentCacheDir);
    expect(names.filter((name) => name !== "blobs" && !name.startsWith(".lock-"))).toEqual([]);
    for (const { name, content } of await readBlobs(this.pyro)) {
      if (name.endsWith(".partial")) continue;
      expect(createHash("sha256").update(content).digest("hex")).toBe(name);
    }
  }

  /** Without a fault the image is installed, of exactly the bytes that are missing. */
  async expectNextPullLoadsTheRest(): Promise<void> {
    const before = await this.storedBytes();
    const total = this.blobs.reduce((sum, { size }) => sum + size, 0);
    this.proxy.break();
    this.proxy.forget();
    const { status, value } = await this.pull();
    expect({ status, value }).toMatchObject({ status: 0, value: { layers: { length: 3 } } });
    const loaded = this.proxy.requests("blob").reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    expect(loaded).toBe(total - before);
  }

  /** Pids of the helpers that work for this pyro. */
  async helpers(): Promise<number[]> {
    const lines = await findProcessesWith(this.pyro.directory);
    return lines.filter((line) => line.includes("/pyro-helper image ")).map((line) => Number.parseInt(line));
  }

  async expectHelperGone(): Promise<void> {
    await vi.waitFor(async () => expect(await this.helpers()).toEqual([]), SETTLE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pyro[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }
}

async function readBlobs({ settings }: TestPyro): Promise<{ name: string; content: Buffer }[]> {
  const directory = path.join(settings.environmentCacheDir, "blobs", "sha256");
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names.map(async (name) => ({ name, content: await readFile(path.join(directory, name)) })),
  );
}
