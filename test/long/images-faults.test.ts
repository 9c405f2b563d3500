// What goes wrong at a real registry, through the CLI: what is said, what stays, and that the next pull works.

import { beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../helpers/images/fault-proxy.js";
import { answer, by, cut, during, garble, hold, of, redirect, resize } from "../helpers/images/faults.js";
import { FaultyPull, pushSample } from "../helpers/images/faulty-pull.js";
import { pushIndex, type PushedImage } from "../helpers/images/push-layers.js";
import { holding, matching, useImages } from "../helpers/images/use-images.js";

const images = useImages(false);
let sample: PushedImage;
beforeAll(async () => {
  sample = await pushSample(images().registry);
});

interface Told {
  readonly status: number;
  readonly code: string;
  readonly message: RegExp;
  readonly hint: RegExp;
}

const told = (status: number, code: string, message: RegExp, hint: RegExp): Told => ({
  ...{ status, code, message, hint },
});
const DENIED = told(
  5,
  "registry_denied",
  /^localhost:\d+ denies access to team\/sample \(40[13] /,
  /docker login localhost:/,
);
const FAILED = told(
  5,
  "registry_failed",
  /^localhost:\d+ answers with an error: 50\d \w+/,
  /try again later/,
);
const UNREACHED = told(
  5,
  "registry_unreachable",
  /^localhost:\d+ cannot be reached: the connection broke off/,
  /Check the registry's name/,
);
const WRONG = told(
  1,
  "image_invalid",
  /another digest|is (?:shorter|longer) than its manifest says/,
  /Pull it again/,
);
const HOSTILE = told(
  1,
  "image_hostile",
  /redirects to an address that is not on the internet/,
  /Do not use this image/,
);
const BUSY = told(5, "registry_busy", /wants fewer requests$/, /Try again later; what was loaded is kept/);

async function expectFailure(pull: FaultyPull, { status, code, message, hint }: Told): Promise<void> {
  const failed = await pull.pull();
  expect(failed).toMatchObject({
    ...{ status, value: { error: { code, message: matching(message), hint: matching(hint) } } },
  });
  await pull.expectHelperGone();
  await pull.expectNothingHalfMade();
}

type Case = readonly [name: string, fault: (image: PushedImage) => Fault, told: Told];

const layerCases: readonly Case[] = [0, 1, 2].flatMap((index): Case[] => {
  const layer = (image: PushedImage) => of(image.layers[index]?.digest ?? "");
  return [
    [`500 for layer ${index}`, (image) => answer(layer(image), 500), FAILED],
    [`a cut before layer ${index}`, (image) => cut(layer(image)), UNREACHED],
    [`layer ${index} with another digest`, (image) => garble(layer(image)), WRONG],
    [`layer ${index} too short`, (image) => resize(layer(image), -10), WRONG],
    [`layer ${index} too long`, (image) => resize(layer(image), 1), WRONG],
  ];
});

const SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

const cases: readonly Case[] = [
  ["401 for everything", () => answer(during("ping", "manifest", "blob"), 401), DENIED],
  ["401 for the manifest", () => answer(during("manifest"), 401), DENIED],
  ["403 for the manifest", () => answer(during("manifest"), 403), DENIED],
  ["403 for blobs", () => answer(during("blob"), 403), DENIED],
  [
    "404 for the manifest",
    () => answer(during("manifest"), 404),
    told(
      3,
      "image_not_found",
      /^there is no image localhost:\d+\/team\/sample:1$/,
      /Check the image's name and tag/,
    ),
  ],
  [
    "404 for a blob",
    ({ config }) => answer(of(config.digest), 404),
    told(1, "image_invalid", /lacks a part of the image: sha256:/, /pushed anew/),
  ],
  [
    "404 for all",
    () => answer(() => true, 404),
    told(5, "registry_failed", /is no registry of images/, /Check the registry's name and port/),
  ],
  ["429 without a time", () => answer(during("manifest"), 429), BUSY],
  ["500 for everything", () => answer(() => true, 500), FAILED],
  ["503 for the manifest", () => answer(during("manifest"), 503), FAILED],
  ["502 for the configuration", ({ config }) => answer(of(config.digest), 502), FAILED],
  ["a cut ping", () => cut(during("ping")), UNREACHED],
  ["a cut before the manifest", () => cut(during("manifest")), UNREACHED],
  ["a cut within the manifest", () => cut(during("manifest"), 40), UNREACHED],
  ["a cut before the configuration", ({ config }) => cut(of(config.digest)), UNREACHED],
  ["a configuration with another digest", ({ config }) => garble(of(config.digest)), WRONG],
  ["a configuration too short", ({ config }) => resize(of(config.digest), -1), WRONG],
  ...layerCases,
  ["a redirect of blobs to link-local", () => redirect(during("blob"), "http://169.254.169.254/x"), HOSTILE],
  ["a redirect of blobs to 10.x", () => redirect(during("blob"), "http://10.255.255.1/x"), HOSTILE],
  ["a redirect of the manifest", () => redirect(during("manifest"), "http://169.254.169.254/x"), HOSTILE],
  [
    "a manifest of schema 1",
    () => answer(during("manifest"), 200, { "content-type": SCHEMA_1 }, '{"schemaVersion":1,"fsLayers":[]}'),
    told(1, "image_invalid", /the old format of Docker's schema 1/, /Push it again with a present builder/),
  ],
  [
    "a page for a manifest",
    () => answer(during("manifest"), 200, { "content-type": "text/html" }, "<html>login</html>"),
    told(1, "image_invalid", /the manifest is not JSON/, /Pull it again/),
  ],
];

describe("a fault is told with its reason and the next step, leaves nothing half-made, and the next pull loads the rest", () => {
  test.concurrent.each(cases)("%s", async (_, fault, expected) => {
    await using pull = await FaultyPull.open(images(), sample);
    pull.proxy.break(fault(sample));
    await expectFailure(pull, expected);
    await pull.expectNextPullLoadsTheRest();
  });
});

describe("a fault that passes is outlived", () => {
  test.concurrent.each<readonly [string, (image: PushedImage) => Fault]>([
    ["500 twice", () => answer(() => true, 500, {}, "", 2)],
    ["429 twice", () => answer(during("manifest"), 429, {}, "", 2)],
    ["a cut before each kind of blob", () => cut(during("blob"), 0, 2)],
    ["a large layer that is cut again and again", ({ layers }) => cut(of(layers[1]?.digest ?? ""), 500_000)],
  ])("%s", async (_, fault) => {
    await using pull = await FaultyPull.open(images(), sample);
    pull.proxy.break(fault(sample));
    expect((await pull.pull()).status).toBe(0);
  });

  test.concurrent("a layer that is cut goes on where it was cut", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    pull.proxy.break(cut(of(pull.large.digest), 1_000_000, 1));
    expect((await pull.pull()).status).toBe(0);
    const [first, second] = pull.proxy
      .requests("blob")
      .filter(({ path }) => path.includes(pull.large.digest));
    expect([first?.range, second?.range]).toEqual([undefined, matching(/^bytes=[1-9]\d*-\d+$/)]);
    expect((first?.sentBytes ?? 0) + (second?.sentBytes ?? 0)).toBe(pull.large.size);
  });
});

describe("the token server", () => {
  let guarded: Awaited<ReturnType<ReturnType<typeof images>["openRegistry"]>>;
  beforeAll(async () => {
    guarded = await images().openRegistry("token", { auth: "token" });
  });

  test.concurrent.each<readonly [string, Fault, Told]>([
    ["401", answer(during("token"), 401), DENIED],
    ["500", answer(during("token"), 500), FAILED],
    ["a cut", cut(during("token")), UNREACHED],
    [
      "a page",
      answer(during("token"), 200, {}, "<html>"),
      told(5, "registry_failed", /no registry's answer/, /try again/),
    ],
    [
      "an address on link-local",
      answer(during("ping"), 401, {
        "www-authenticate": 'Bearer realm="http://169.254.169.254/t",service="x"',
      }),
      HOSTILE,
    ],
  ])("%s", async (_, fault, expected) => {
    await using pull = await FaultyPull.open(images(), sample, { registry: guarded });
    const login = await images().writeLogin(pull.proxy.host);
    await using other = await FaultyPull.open(images(), sample, {
      registry: guarded,
      env: { DOCKER_CONFIG: login },
    });
    pull.proxy.break(fault);
    const failed = await other.pull(pull.reference);
    const { status, code, message, hint } = expected;
    expect(failed).toMatchObject({
      ...{ status, value: { error: { code, message: matching(message), hint: matching(hint) } } },
    });
    pull.proxy.break();
    expect((await other.pull(pull.reference)).status).toBe(0);
  });
});

test("an index without linux/amd64 names what it has", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  await pushIndex(images().registry.host, ["team/sample", "arm"], sample.manifest, {
    os: "linux",
    architecture: "arm64",
  });
  const failed = await pull.pull(pull.reference.replace(/1$/, "arm"));
  expect(failed).toMatchObject({
    status: 3,
    value: {
      error: {
        code: "platform_missing",
        message: "the image does not exist for linux/amd64, only for linux/arm64",
        details: { platforms: holding("linux/arm64") },
      },
    },
  });
});

test("a registry on loopback may send to loopback", async () => {
  await using pull = await FaultyPull.open(images(), sample);
  await using storage = await FaultyPull.open(images(), sample);
  const blob = `http://${storage.proxy.host}/v2/team/sample/blobs/${pull.large.digest}`;
  pull.proxy.break(redirect(of(pull.large.digest), blob));
  expect((await pull.pull()).status).toBe(0);
  expect(storage.proxy.requests("blob")).toHaveLength(1);
});

test.each([
  [
    "a host that nobody knows",
    "registry.invalid/team/x:1",
    /^registry\.invalid cannot be reached: (?:no such host|its name could not be looked up)$/,
  ],
  [
    "a port where nothing listens",
    "127.0.0.1:9/team/x:1",
    /^127\.0\.0\.1:9 cannot be reached: connection refused$/,
  ],
])("%s", async (_, reference, message) => {
  const { stderr, status } = await images().pyro.run(["env", "pull", reference]);
  expect(status).toBe(5);
  const [error = "", hint = ""] = stderr.trimEnd().split("\n").slice(-2);
  expect(error.replace("error: ", "")).toMatch(message);
  expect(hint).toMatch(/^hint: .*[Cc]heck the/);
});

test("silence is told, in each phase, with how long it was", async () => {
  const phases: readonly Fault[] = [
    hold(during("ping")),
    hold(by("GET", "manifest")),
    hold(of(sample.config.digest)),
    hold(of(sample.layers[1]?.digest ?? ""), 100_000),
  ];
  await Promise.all(
    phases.map(async (fault) => {
      await using pull = await FaultyPull.open(images(), sample);
      pull.proxy.break(fault);
      const failed = await pull.pyro.json(["env", "pull", pull.reference], { timeoutMs: 300_000 });
      expect(failed).toMatchObject({
        status: 5,
        value: { error: { code: "registry_unreachable", message: matching(/nothing has come for 30s$/) } },
      });
      await pull.expectHelperGone();
      await pull.expectNothingHalfMade();
      await pull.expectNextPullLoadsTheRest();
    }),
  );
});
