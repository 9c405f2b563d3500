// The pool over a played engine, for guests on layers, and what is done with a guest before it is offered.

import { describe, expect, test, vi } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { formatLayerId } from "../../../src/contract/ids.js";
import type { Layer } from "../../../src/machine/engine.js";
import type { PoolOptions } from "../../../src/machine/pool.js";
import { makeGate } from "../helpers/gate.js";
import { makePool, REFILL_DELAY_MS, useTimers } from "./played-pool.js";

function makeLayer(fill: number): Layer {
  return { id: formatLayerId(new Uint8Array(16).fill(fill)), kind: "tar", path: "/layer.tar" };
}

describe("a guest on a layer", () => {
  test("stands in for another of the same layer, in whatever form, and for no other", async () => {
    const { pool, shape } = await makePool();
    const [one, other] = [1, 2].map((fill) => makeLayer(fill));
    await pool.prime({ ...shape, layer: one });
    await pool.start(shape);
    await pool.start({ ...shape, layer: other });
    expect(await pool.status()).toMatchObject({ hits: 0, misses: 2 });
    await pool.start({ ...shape, layer: { ...makeLayer(1), kind: "capture", path: "/elsewhere" } });
    expect(await pool.status()).toMatchObject({ hits: 1, misses: 2 });
  });

  test("is offered only when all of it has been loaded", async () => {
    const { engine, pool, shape, parkedIds } = await makePool();
    const gate = makeGate();
    engine.load = () => gate.opened;
    const priming = pool.prime({ ...shape, layer: makeLayer(1) });
    await expect.poll(() => engine.parked).toHaveLength(1);
    expect(await parkedIds()).toEqual([]);
    await pool.start({ ...shape, layer: makeLayer(1) });
    expect(await pool.status()).toMatchObject({ hits: 0, misses: 1 });
    gate.open();
    await priming;
    expect(await parkedIds()).toEqual([engine.parked[0]?.id]);
  });

  test("whose layer is damaged is told and removed; a start has the engine's own error", async () => {
    await useTimers();
    const { engine, failures, pool, shape, parkedIds } = await makePool();
    const damaged = new PyroError("layer_damaged", "layer is damaged");
    engine.load = () => Promise.reject(damaged);
    await pool.prime({ ...shape, layer: makeLayer(1) });
    expect(failures).toEqual([damaged]);
    expect(engine.parked[0]?.removed).toBe(true);
    expect(await parkedIds()).toEqual([]);
    engine.beforeStart = () => Promise.reject(damaged);
    await expect(pool.start({ ...shape, layer: makeLayer(1) })).rejects.toBe(damaged);
    // Nothing is parked in the background for what does not start.
    await vi.advanceTimersByTimeAsync(10 * REFILL_DELAY_MS);
    expect(engine.parked).toHaveLength(1);
  });
});

describe("what is done with a guest before it is offered", () => {
  test("is waited for, with the guest and its shape", async () => {
    const gate = makeGate();
    const seen: unknown[] = [];
    const onParked: PoolOptions["onParked"] = (shape, parked) => {
      seen.push([shape, parked]);
      return gate.opened;
    };
    const { engine, pool, shape, parkedIds } = await makePool({ onParked });
    const priming = pool.prime(shape);
    await expect.poll(() => seen).toHaveLength(1);
    expect(seen).toEqual([[shape, engine.parked[0]]]);
    expect(await parkedIds()).toEqual([]);
    // A capture that is made now is nobody's.
    expect(engine.parked[0]?.isIdentified).toBe(false);
    gate.open();
    await priming;
    expect(await parkedIds()).toHaveLength(1);
    expect(engine.parked[0]?.isIdentified).toBe(true);
  });

  test("one that does not take its identity is not offered, and removed", async () => {
    const { engine, failures, pool, shape, parkedIds } = await makePool();
    const failure = new Error("no luck");
    engine.identify = () => Promise.reject(failure);
    await pool.prime(shape);
    expect(failures).toEqual([failure]);
    expect(await parkedIds()).toEqual([]);
    expect(engine.parked[0]?.removed).toBe(true);
  });

  test("may fail: that is told, and the guest is offered all the same", async () => {
    const failure = new Error("no luck");
    const { failures, pool, shape, parkedIds } = await makePool({ onParked: () => Promise.reject(failure) });
    await pool.prime(shape);
    expect(failures).toEqual([failure]);
    expect(await parkedIds()).toHaveLength(1);
  });

  test("is counted as being parked: the end of the pool waits for it, and removes the guest", async () => {
    const gate = makeGate();
    const { engine, pool, shape } = await makePool({ onParked: () => gate.opened });
    const priming = pool.prime(shape);
    await expect.poll(() => engine.parked).toHaveLength(1);
    const closed = pool.close();
    gate.open();
    await Promise.all([priming, closed]);
    expect(engine.parked[0]?.removed).toBe(true);
  });
});
