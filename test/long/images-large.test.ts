// Images that are large, deep or grow: pulled in bounded memory, or refused with the limit named.

import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import type { Fault } from "../helpers/images/fault-proxy.js";
import { FaultyPull, pushSample } from "../helpers/images/faulty-pull.js";
import { describeNoiseLayer, noiseLayer, zerosLayer } from "../helpers/images/large-layers.js";
import { run } from "../helpers/images/make-images.js";
import {
  describeBlob,
  gzipLayer,
  makeConfig,
  makeManifest,
  pushBlob,
  pushLayers,
  type PushedImage,
} from "../helpers/images/push-layers.js";
import { matching, useImages } from "../helpers/images/use-images.js";

const GIB = 1024 ** 3;
/** The figure for a pull, of 200 MB there. */
const MAX_HELPER_KIB = 150_000;
const TIMEOUT_MS = 1_500_000;

const images = useImages(false);
let sample: PushedImage;
beforeAll(async () => {
  sample = await pushSample(images().registry);
});

const at = (pull: FaultyPull, tag: string) => pull.reference.replace(/1$/, tag);

/** Pulls and watches how much memory the helper takes at most. */
async function pullMeasured(pull: FaultyPull, reference: string): Promise<number> {
  const child = pull.pyro.start(["env", "pull", reference, "--json"]);
  let stdout = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const closed = once(child, "close");
  let peakKib = 0;
  // The kernel keeps the peak: it is only to be read before the helper ends.
  while (await Promise.race([closed.then(() => false), setTimeout(100, true)])) {
    for (const pid of await pull.helpers()) {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      peakKib = Math.max(peakKib, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
    }
  }
  expect(child.exitCode, stdout).toBe(0);
  return peakKib;
}

async function findRootfs({ pyro }: FaultyPull): Promise<string> {
  const { environmentCacheDir } = pyro.settings;
  const names = await readdir(environmentCacheDir);
  const install = names.find((name) => /-[0-9a-f]{12}$/.test(name)) ?? "";
  return path.join(environmentCacheDir, install, "rootfs");
}

test("3 GiB of zeros are pulled in bounded memory and take no room", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  await pushLayers(images().registry.host, ["team/sample", "zeros"], [zerosLayer("zeros", 3 * GIB)]);
  const peakKib = await pullMeasured(pull, at(pull, "zeros"));
  expect(peakKib).toBeGreaterThan(0);
  expect(peakKib).toBeLessThan(MAX_HELPER_KIB);
  const { size, blocks } = await stat(path.join(await findRootfs(pull), "zeros"));
  expect(size).toBe(3 * GIB);
  expect(blocks * 512).toBeLessThan(1_000_000);
});

test(
  "a layer of 3 GiB that does not compress is pulled in bounded memory",
  { timeout: TIMEOUT_MS },
  async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const layer = await describeNoiseLayer("noise", 3 * GIB);
    const config = makeConfig([layer]);
    await pushBlob(images().registry.host, "team/sample", config);
    const manifest = makeManifest(describeBlob(config, sample.config.mediaType), [layer]);
    const serve: Fault = async ({ asked, request, response, pass }) => {
      if (asked.path.endsWith("/manifests/noise")) {
        response.writeHead(200, {
          "content-type": sample.manifest.mediaType,
          "content-length": manifest.length,
        });
        response.end(request.method === "HEAD" ? "" : manifest);
      } else if (asked.path.endsWith(layer.digest)) {
        response.writeHead(200, { "content-length": layer.size });
        await pipeline(noiseLayer("noise", 3 * GIB), response);
      } else await pass();
    };
    pull.proxy.break(serve);
    const peakKib = await pullMeasured(pull, at(pull, "noise"));
    expect(peakKib).toBeGreaterThan(0);
    expect(peakKib).toBeLessThan(MAX_HELPER_KIB);
    expect((await stat(path.join(await findRootfs(pull), "noise"))).size).toBe(3 * GIB);
  },
);

test("a layer that expands a thousandfold beyond 4 GiB is refused, with the limit", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  await pushLayers(images().registry.host, ["team/sample", "bomb"], [zerosLayer("zeros", 5 * GIB)]);
  const failed = await pull.pyro.json(["env", "pull", at(pull, "bomb")], { timeoutMs: 600_000 });
  expect(failed).toMatchObject({
    status: 1,
    value: {
      error: {
        code: "image_hostile",
        message: matching(
          /^a layer of \d+ bytes expands to more than 4294967296: the limit is 100 times its size/,
        ),
        hint: matching(/nothing of it was installed/),
        details: { limit_bytes: 4 * GIB },
      },
    },
  });
  await pull.expectNothingHalfMade();
});

test("a file that says it has 129 GiB of holes is refused, with the limit", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  const file = path.join(images().directory, "holes");
  await run("truncate", "--size=129G", file);
  await run("tar", "-C", images().directory, "--sparse", "-cf", `${file}.tar`, "holes");
  const layer = gzipSync(await readFile(`${file}.tar`));
  await pushLayers(images().registry.host, ["team/sample", "holes"], [layer]);
  expect(await pull.pull(at(pull, "holes"))).toMatchObject({
    status: 1,
    value: { error: { code: "image_hostile", message: "the files of the image have more than 128 GiB" } },
  });
  await pull.expectNothingHalfMade();
});

test("60 layers are put over each other in their order", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  const layers = Array.from({ length: 60 }, (_, index) => {
    const content = Buffer.from(`${index}\n`);
    return gzipLayer([
      { path: `file-${index}`, type: "file", content },
      { path: "last", type: "file", content },
    ]);
  });
  await pushLayers(images().registry.host, ["team/sample", "deep"], layers);
  expect(await pull.pull(at(pull, "deep"))).toMatchObject({ status: 0, value: { layers: { length: 60 } } });
  const rootfs = await findRootfs(pull);
  expect(await readFile(path.join(rootfs, "last"), "utf8")).toBe("59\n");
  expect((await readdir(rootfs)).filter((name) => name.startsWith("file-"))).toHaveLength(60);
});
