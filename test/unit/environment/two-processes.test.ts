import path from "node:path";
import { expect, test } from "vitest";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { FakeSource } from "./fake-source.js";
import { runPull, startPull } from "./store-process.js";

test("pulls of one environment in several processes do the work once", async () => {
  const pull = {
    cacheDir: path.join(await makeTempDirectory(), "cache"),
    environment: "debian:12",
    aptDir: "fake",
  };
  const told = await Promise.all([runPull(pull), runPull(pull), runPull(pull)]);
  expect(told.flat().filter((event) => "fake" in event)).toHaveLength(1);
  const results = told.map((events) => events.at(-1)?.["installDir"]);
  expect(new Set(results)).toEqual(
    new Set([(await new EnvironmentStore(pull.cacheDir, []).find("debian:12"))?.installDir]),
  );
});

test("a pull killed with -9 frees its environment, and the next one clears up after it", async () => {
  const cacheDir = path.join(await makeTempDirectory(), "cache");
  const { child, lines } = await startPull({ cacheDir, environment: "debian:12", aptDir: "fake" });
  for await (const event of lines) if ("fake" in event) break;
  child.kill("SIGKILL");
  const store = new EnvironmentStore(cacheDir, [new FakeSource()]);
  const install = await store.pull("debian:12");
  expect(await store.prune(() => false)).toMatchObject({ count: 0 });
  expect(await store.find("debian:12")).toEqual(install);
});
