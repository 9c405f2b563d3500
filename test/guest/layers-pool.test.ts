// Guests that are parked on a layer, and the layer that is captured from one before anybody uses it.

import { rm, truncate } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { formatLayerId } from "../../src/contract/ids.js";
import type { Layer, Machine, MachineShape } from "../../src/machine/engine.js";
import { MachinePool, type PoolOptions } from "../../src/machine/pool.js";
import { newSpec } from "../helpers/engine-host.js";
import { execText } from "../helpers/exec-text.js";
import { writeLayerTar } from "../helpers/layer-tar.js";
import { useEngine } from "../helpers/use-engine.js";

const opened = useEngine();

async function openPool(onParked?: PoolOptions["onParked"]) {
  const { engine, pyro } = opened();
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  const pool = new MachinePool({ engine, enabled: true, onFailure, ...(onParked && { onParked }) });
  const { id: _id, ...shape } = await newSpec(pyro);
  const use = async (wanted: MachineShape, script: string) => {
    const machine = await pool.start(wanted);
    try {
      return await execText(machine.agent, script);
    } finally {
      await machine.remove();
    }
  };
  return { pool, failures, shape, use, [Symbol.asyncDispose]: () => pool.close() };
}

async function captureWith(script: string): Promise<Layer> {
  const machine: Machine = await opened().start();
  await execText(machine.agent, script);
  const layer = await opened().layers.capture(machine, script);
  await machine.remove();
  return layer;
}

describe("a guest parked on a capture", () => {
  test("serves who asks for that layer, and nobody else", async () => {
    await using parking = await openPool();
    const { pool, shape, use } = parking;
    const one = { ...shape, layer: await captureWith("echo one > /root/file") };
    const other = { ...shape, layer: await captureWith("echo other > /root/file") };
    await pool.prime(one);
    expect(await use(other, "cat /root/file")).toBe("other");
    expect(await use(one, "cat /root/file")).toBe("one");
    expect(await use(shape, "ls /root")).toBe("");
    expect(await pool.status()).toMatchObject({ hits: 1, misses: 2 });
  });

  test("serves although the layer has been removed since; the next start has the error", async () => {
    await using parking = await openPool();
    const { pool, failures, shape, use } = parking;
    const layer = await captureWith("head -c 10000000 /dev/zero | tr '\\0' x > /root/file");
    await pool.prime({ ...shape, layer });
    await opened().layers.remove(layer.id);
    expect(await use({ ...shape, layer }, "tr -d x < /root/file | wc -c; wc -c < /root/file")).toBe(
      "0\n10000000",
    );
    await expect(pool.start({ ...shape, layer })).rejects.toMatchObject({ code: "layer_damaged" });
    await pool.prime({ ...shape, layer });
    // Once more where the pool had already tried to replace the guest that was claimed.
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toMatchObject({ code: "layer_damaged" });
  });

  test("is not offered when something of the layer is missing, and goes", async () => {
    await using parking = await openPool();
    const { pool, failures, shape } = parking;
    const layer = await captureWith("head -c 10000000 /dev/urandom > /root/file");
    await truncate(path.join(layer.path, "pages.img"), 4096);
    await pool.prime({ ...shape, layer });
    expect(failures).toMatchObject([{ code: "layer_damaged", details: { layer_id: layer.id } }]);
    expect((await pool.status()).parked).toEqual([]);
  });
});

describe("a guest parked on a tar", () => {
  test("can be captured before it is offered: the capture stands in for the tar, once", async () => {
    const { layers, pyro, start } = opened();
    const captured: Layer[] = [];
    await using parking = await openPool(async (_shape, parked) => {
      captured.push(await layers.capture(parked, "baseline"));
    });
    const { pool, failures, shape, use } = parking;
    const tar = path.join(pyro.directory, "seed.tar");
    await writeLayerTar(tar, [{ path: "workspace/file", type: "file", content: Buffer.from("seed") }]);
    const layer = { id: formatLayerId(new Uint8Array(16)), kind: "tar", path: tar } as const;
    await pool.prime({ ...shape, layer });
    await rm(tar);
    expect([captured.length, failures]).toEqual([1, []]);
    expect(await use({ ...shape, layer }, "cat /workspace/file")).toBe("seed");
    const machine = await start(captured[0]);
    await machine.loaded;
    expect(await execText(machine.agent, "cat /workspace/file; ls -A /root /tmp")).toMatch(/^seed/);
  });
});
