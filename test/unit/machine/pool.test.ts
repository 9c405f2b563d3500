// The pool over a played engine: what happens when, which a real engine cannot be made to show.

import { mkdir, rm } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { makeGate } from "../helpers/gate.js";
import { GIB, makePool, REFILL_DELAY_MS, useTimers } from "./played-pool.js";

/** The pool looks at the memory this often. */
const PRESSURE_INTERVAL_MS = 5_000;

describe("refill", () => {
  test("a start has the processor to itself; then one is parked, and the next start claims it", async () => {
    await useTimers();
    const { engine, pool, shape, parkedIds } = await makePool();
    await pool.start(shape);
    await vi.advanceTimersByTimeAsync(REFILL_DELAY_MS - 1);
    expect(engine.parked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    await expect.poll(parkedIds).toHaveLength(1);
    const [parked] = await parkedIds();
    const machine = await pool.start(shape);
    expect(machine.id).toBe(parked);
    expect(await pool.status()).toMatchObject({ hits: 1, misses: 1, parked: [] });
  });

  test("waits while guests are being started", async () => {
    await useTimers();
    const { engine, pool, shape } = await makePool();
    await pool.start(shape);
    const gate = makeGate();
    engine.beforeStart = () => gate.opened;
    const slow = pool.start(shape);
    await vi.advanceTimersByTimeAsync(10 * REFILL_DELAY_MS);
    expect(engine.parked).toHaveLength(0);
    gate.open();
    await slow;
    await vi.advanceTimersByTimeAsync(REFILL_DELAY_MS);
    await expect.poll(() => engine.parked).toHaveLength(1);
  });

  test("of two shapes that were used shortly after one another both are parked, the one used last first", async () => {
    await useTimers();
    const { engine, pool, shape, parkedIds } = await makePool();
    for (const memMib of [256, 512, 256, 1024]) await pool.start({ ...shape, memMib });
    await vi.advanceTimersByTimeAsync(REFILL_DELAY_MS);
    await expect.poll(() => engine.parked.map(({ spec }) => spec.memMib)).toEqual([1024, 256]);
    // The one used first is still the first to go.
    await expect.poll(parkedIds).toEqual(engine.parked.map(({ id }) => id).reverse());
    await pool.prime({ ...shape, memMib: 2048 });
    expect(engine.parked.map(({ removed }) => removed)).toEqual([false, true, false]);
  });

  test("a shape that is parked already is not pushed out by the one used after it", async () => {
    await useTimers();
    const { engine, pool, shape } = await makePool();
    await pool.start({ ...shape, memMib: 256 });
    for (const memMib of [256, 512]) await pool.prime({ ...shape, memMib });
    await pool.start({ ...shape, memMib: 1024 });
    await vi.advanceTimersByTimeAsync(REFILL_DELAY_MS);
    const describeParked = () => engine.parked.map(({ spec, removed }) => [spec.memMib, removed]);
    await expect.poll(describeParked).toEqual([
      [256, false],
      [512, true],
      [1024, false],
    ]);
  });

  test("an environment that is gone by then parks nothing and harms nobody", async () => {
    await useTimers();
    const { engine, failures, pool, shape } = await makePool();
    await pool.start(shape);
    await rm(shape.rootfsDir, { recursive: true });
    await vi.advanceTimersByTimeAsync(REFILL_DELAY_MS);
    await pool.prime(shape);
    expect([engine.parked, failures]).toEqual([[], []]);
  });

  test("two wishes for one shape park one guest", async () => {
    const { engine, pool, shape } = await makePool();
    await Promise.all([pool.prime(shape), pool.prime(shape)]);
    await pool.prime(shape);
    expect(engine.parked).toHaveLength(1);
  });

  test("a park that fails is told, and the next one may succeed", async () => {
    const { engine, failures, pool, shape, parkedIds } = await makePool();
    engine.beforePark = () => Promise.reject(new Error("no luck"));
    await pool.prime(shape);
    expect(failures).toEqual([new Error("no luck")]);
    engine.beforePark = () => Promise.resolve();
    await pool.prime(shape);
    expect(await parkedIds()).toHaveLength(1);
  });
});

describe("which guest stands in for which", () => {
  test.each(["vcpuCount", "memMib", "diskMib"] as const)("another %s is another guest", async (field) => {
    const { pool, shape } = await makePool();
    await pool.prime(shape);
    await pool.start({ ...shape, [field]: shape[field] + 1 });
    expect(await pool.status()).toMatchObject({ hits: 0, misses: 1 });
  });

  test("the two shapes used last are kept", async () => {
    const { engine, pool, shape, parkedIds } = await makePool();
    for (const memMib of [256, 512, 256, 1024]) await pool.prime({ ...shape, memMib });
    const [first, second, third] = engine.parked;
    expect([first?.removed, second?.removed, third?.removed]).toEqual([false, true, false]);
    expect(await parkedIds()).toEqual([first?.id, third?.id]);
  });

  test("one whose tree was replaced in its place is neither claimed nor kept", async () => {
    const { engine, pool, shape, parkedIds } = await makePool();
    await pool.prime(shape);
    // A new directory may get the old one's inode; its times are later.
    await rm(shape.rootfsDir, { recursive: true });
    await mkdir(shape.rootfsDir);
    await pool.start(shape);
    expect(await pool.status()).toMatchObject({ hits: 0, misses: 1 });
    await pool.prime(shape);
    expect(engine.parked[0]?.removed).toBe(true);
    expect(await parkedIds()).toEqual([engine.parked[1]?.id]);
  });
});

describe("a parked guest that is good for nothing", () => {
  test("one that refuses its claim is replaced by a fresh guest, and removed", async () => {
    const { engine, failures, pool, shape } = await makePool();
    await pool.prime(shape);
    const [parked] = engine.parked;
    if (parked) parked.fault = "refuses";
    const machine = await pool.start(shape);
    expect(machine).toBe(engine.started[0]);
    expect(parked?.removed).toBe(true);
    expect(failures).toEqual([new Error("refused")]);
  });

  test("one that does not answer is given up within a second", async () => {
    const { engine, pool, shape } = await makePool();
    await pool.prime(shape);
    const [parked] = engine.parked;
    if (parked) parked.fault = "silent";
    const machine = await pool.start(shape);
    expect(machine).toBe(engine.started[0]);
    expect(parked?.removed).toBe(true);
  });

  test("one that dies is removed at once", async () => {
    const { engine, pool, shape, parkedIds } = await makePool();
    await pool.prime(shape);
    engine.parked[0]?.die();
    await expect.poll(() => engine.parked[0]?.removed).toBe(true);
    expect(await parkedIds()).toEqual([]);
  });

  test("a claim that is cancelled starts nothing, and its guest is removed", async () => {
    const { engine, pool, shape } = await makePool();
    await pool.prime(shape);
    const [parked] = engine.parked;
    if (parked) parked.fault = "silent";
    const cancel = new AbortController();
    const start = pool.start(shape, cancel.signal);
    const reason = new Error("enough");
    cancel.abort(reason);
    await expect(start).rejects.toBe(reason);
    expect(engine.started).toHaveLength(0);
    expect(parked?.removed).toBe(true);
  });
});

describe("when nothing may be parked", () => {
  test("a pool that is off parks nothing", async () => {
    const { engine, pool, shape } = await makePool({ enabled: false });
    await pool.start(shape);
    await pool.prime(shape);
    expect(engine.parked).toHaveLength(0);
    expect(await pool.status()).toMatchObject({ enabled: false, misses: 1 });
  });

  test("a host that is short of memory parks nothing; with memory again it does", async () => {
    const { engine, host, pool, shape } = await makePool();
    host.availableBytes = 1.5 * GIB;
    await pool.prime(shape);
    expect(engine.parked).toHaveLength(0);
    host.availableBytes = 8 * GIB;
    await pool.prime(shape);
    expect(engine.parked).toHaveLength(1);
  });

  test("what is parked goes when the host becomes short of memory", async () => {
    await useTimers();
    const { engine, host, pool, shape } = await makePool();
    await pool.prime(shape);
    await vi.advanceTimersByTimeAsync(PRESSURE_INTERVAL_MS);
    expect(engine.parked[0]?.removed).toBe(false);
    host.availableBytes = 0.2 * GIB;
    await vi.advanceTimersByTimeAsync(PRESSURE_INTERVAL_MS);
    await expect.poll(() => engine.parked[0]?.removed).toBe(true);
  });

  test("eviction and the end count one that is just being parked", async () => {
    for (const end of ["evict", "close"] as const) {
      const { engine, pool, shape, parkedIds } = await makePool();
      const begun = makeGate();
      const gate = makeGate();
      engine.beforePark = () => {
        begun.open();
        return gate.opened;
      };
      const priming = pool.prime(shape);
      await begun.opened;
      const ended = end === "evict" ? pool.evict(() => true) : pool.close();
      gate.open();
      await Promise.all([priming, ended]);
      expect(engine.parked[0]?.removed).toBe(true);
      expect(await parkedIds()).toEqual([]);
    }
  });

  test("after the end nothing is parked any more", async () => {
    const { engine, pool, shape } = await makePool();
    await pool.close();
    await pool.start(shape);
    await pool.prime(shape);
    expect(engine.parked).toHaveLength(0);
  });
});
