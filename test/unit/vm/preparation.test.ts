import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  judgeWarmth,
  PreparationStore,
  type Footing,
  type Preparation,
} from "../../../src/vm/preparation.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const FOOTING: Footing = {
  environment: "debian:12",
  environmentDigest: "e",
  engineDigest: "r",
  agentDigest: "a",
  packageVersion: "0.1.0",
  hostBootId: "b",
};
const PREPARATION: Preparation = { ...FOOTING, network: false, preparedAt: 10 };

describe("judgeWarmth", () => {
  test("what rests on what is there is warm", () => {
    expect(judgeWarmth(PREPARATION, FOOTING)).toEqual({ state: "warm", reason: "" });
  });

  test("what was never prepared, or is not there, is cold", () => {
    expect(judgeWarmth(undefined, FOOTING)).toEqual({ state: "cold", reason: "it was never prepared" });
    expect(judgeWarmth(PREPARATION, undefined)).toMatchObject({ state: "cold" });
  });

  test.each([
    ["environmentDigest", "the environment was installed anew"],
    ["engineDigest", "the engine has another build"],
    ["agentDigest", "the agent has another build"],
    ["packageVersion", "the package has another version"],
    ["hostBootId", "the host was started anew"],
  ] as const)("another %s is stale: %s", (field, reason) => {
    expect(judgeWarmth({ ...PREPARATION, [field]: "another" }, FOOTING)).toEqual({ state: "stale", reason });
  });
});

describe("the preparations of a cache", () => {
  test("are found by name, and the one made last", async () => {
    const store = new PreparationStore(await makeTempDirectory());
    expect(await store.findLatest()).toBeUndefined();
    const later = { ...PREPARATION, environment: "debian:12-base", preparedAt: 11 };
    await store.write(later);
    await store.write(PREPARATION);
    expect(await store.find("debian:12")).toEqual(PREPARATION);
    expect(await store.find("debian:12-build")).toBeUndefined();
    expect(await store.findLatest()).toEqual(later);
  });

  test("of an image in a directory with a long path is a file all the same", async () => {
    const store = new PreparationStore(await makeTempDirectory());
    const environment = `oci:/${"directory/".repeat(100)}image`;
    await store.write({ ...PREPARATION, environment });
    expect(await store.find(environment)).toMatchObject({ environment });
  });

  test("a damaged one is as good as none", async () => {
    const cacheDir = await makeTempDirectory();
    const store = new PreparationStore(cacheDir);
    await store.write(PREPARATION);
    await mkdir(path.join(cacheDir, "prepared"), { recursive: true });
    await writeFile(path.join(cacheDir, "prepared", "debian-12-base.json"), '{"environment":');
    expect(await store.find("debian:12-base")).toBeUndefined();
    expect(await store.findLatest()).toEqual(PREPARATION);
  });
});
