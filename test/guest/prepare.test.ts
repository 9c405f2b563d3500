// `prepare` makes the daily loop warm, and `doctor` says whether it still is, and why not.

import { readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { environmentSlug } from "../../src/environment/cache-names.js";
import type { Client } from "../../src/client/client.js";
import { connectClient, daemonStatus } from "../helpers/connected-client.js";
import { ENVIRONMENT, runScript } from "../helpers/one-shot.js";
import { awaitParked } from "../helpers/parked-guests.js";
import { openPrivateEnvironment } from "../helpers/private-environment.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";

const UNKNOWN_DIGEST = `sha256:${"0".repeat(64)}`;
const COLD = { environment: ENVIRONMENT, state: "cold", reason: "it was never prepared" };
const WARM = { environment: ENVIRONMENT, state: "warm", reason: "" };

async function dailyLoop(client: Client) {
  return (await client.invoke("doctor", { environment: ENVIRONMENT })).daily_loop;
}

/** Changes a JSON file of the product's, keys that it has already. */
async function edit(file: string, change: Readonly<Record<string, string>>): Promise<void> {
  const value = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, "utf8")));
  for (const key of Object.keys(change)) expect(value).toHaveProperty(key);
  await writeFile(file, JSON.stringify({ ...value, ...change }));
}

const preparationFile = ({ settings }: TestPyro) =>
  path.join(settings.cacheDir, "prepared", `${environmentSlug(ENVIRONMENT)}.json`);

describe("prepare", () => {
  const connected = useClient({ PYRO_POOL: "1" });

  test("from cold to warm: installs, proves, parks; the next command has its guest at once", async () => {
    const { client, pyro } = connected();
    expect(await dailyLoop(client)).toEqual(COLD);
    const human = await pyro.run(["doctor", "--environment", ENVIRONMENT]);
    expect(human.stdout.toString()).toMatch(/^Daily loop: .*cold.*it was never prepared/m);

    const prepared = await client.invoke("prepare", { environment: ENVIRONMENT });
    expect(prepared).toMatchObject({ environment: ENVIRONMENT, state: "warm", reused: false });
    expect(prepared.steps.map(({ name }) => name)).toEqual(["pull", "engine", "proof", "pool"]);
    expect(Math.abs(prepared.prepared_at - Date.now() / 1000)).toBeLessThan(60);
    expect(await dailyLoop(client)).toEqual(WARM);
    const { pool } = await daemonStatus(client);
    expect(pool.parked).toHaveLength(1);
    await runScript(client, "true");
    const after = (await daemonStatus(client)).pool;
    expect(after).toMatchObject({ hits: pool.hits + 1, misses: pool.misses });
  });

  test("a second time there is nothing to do; --force does everything again", async () => {
    const { client, pyro } = connected();
    const first = await client.invoke("prepare", { environment: ENVIRONMENT });
    const again = await pyro.json(["prepare", ENVIRONMENT]);
    expect(again).toMatchObject({
      status: 0,
      value: {
        environment: ENVIRONMENT,
        state: "warm",
        prepared_at: first.prepared_at,
        reused: true,
        steps: [],
      },
    });
    const human = await pyro.run(["prepare", ENVIRONMENT]);
    expect(human.stdout.toString()).toContain("nothing had to be done");
    const forced = await client.invoke("prepare", { environment: ENVIRONMENT, force: true });
    expect(forced).toMatchObject({ state: "warm", reused: false });
    expect(forced.steps).toHaveLength(4);
    expect(forced.prepared_at).toBeGreaterThan(first.prepared_at);
  });

  test("although it is warm, a guest that is not parked any more is parked again", async () => {
    const { client } = connected();
    await client.invoke("env_prune", {});
    expect(await client.invoke("prepare", { environment: ENVIRONMENT })).toMatchObject({ reused: true });
    expect((await daemonStatus(client)).pool.parked).toHaveLength(1);
  });

  test("the next daemon parks a guest of what was prepared, by itself", async () => {
    const { client, pyro } = connected();
    await client.invoke("prepare", { environment: ENVIRONMENT });
    expect((await pyro.run(["daemon", "stop"])).status).toBe(0);
    await connectClient(pyro);
    const [parked] = await awaitParked(client);
    expect(parked?.rootfs).toContain("debian-12-base-");
    expect((await daemonStatus(client)).pool).toMatchObject({ hits: 0, misses: 0 });
  });

  test.each([
    ["engineDigest", "the engine has another build"],
    ["agentDigest", "the agent has another build"],
    ["packageVersion", "the package has another version"],
    ["hostBootId", "the host was started anew"],
  ])("proved with another %s it is stale: %s; and prepared again it is warm", async (field, reason) => {
    const { client, pyro } = connected();
    await client.invoke("prepare", { environment: ENVIRONMENT });
    await edit(preparationFile(pyro), { [field]: "another" });
    expect(await dailyLoop(client)).toEqual({ environment: ENVIRONMENT, state: "stale", reason });
    expect(await client.invoke("prepare", { environment: ENVIRONMENT })).toMatchObject({ reused: false });
    expect(await dailyLoop(client)).toEqual(WARM);
  });

  test("a damaged note of it is as good as none", async () => {
    const { client, pyro } = connected();
    await client.invoke("prepare", { environment: ENVIRONMENT });
    await writeFile(preparationFile(pyro), '{"environment":');
    expect(await dailyLoop(client)).toEqual(COLD);
  });

  test("an environment that nobody knows is refused in words", async () => {
    const { client } = connected();
    await expect(client.invoke("prepare", { environment: "debian:99" })).rejects.toMatchObject({
      code: "environment_not_found",
    });
  });
});

describe("an environment that was prepared", () => {
  test("and installed anew with other contents is stale; and cold when it is gone", async () => {
    const { pyro, installDir } = await openPrivateEnvironment({ PYRO_POOL: "1" });
    const client = await connectClient(pyro);
    await client.invoke("prepare", { environment: ENVIRONMENT });
    expect(await dailyLoop(client)).toEqual(WARM);

    // As an install with another digest does it: a directory of its own, to which the name then points.
    const other = path.join(path.dirname(installDir), "debian-12-base-000000000000");
    await rename(installDir, other);
    await edit(path.join(other, "manifest.json"), { digest: UNKNOWN_DIGEST });
    const pointer = path.join(path.dirname(installDir), "debian-12-base");
    await rm(pointer);
    await symlink(path.basename(other), pointer);
    expect(await dailyLoop(client)).toEqual({
      environment: ENVIRONMENT,
      state: "stale",
      reason: "the environment was installed anew",
    });
    expect(await client.invoke("prepare", { environment: ENVIRONMENT })).toMatchObject({ reused: false });
    expect(await dailyLoop(client)).toEqual(WARM);
    // The guest that was parked on the former one is nobody's any more.
    const parked = await awaitParked(client);
    expect(parked[0]?.rootfs).toBe(path.join(other, "rootfs"));

    await rm(pointer);
    expect(await dailyLoop(client)).toMatchObject({ state: "cold" });
  });
});
