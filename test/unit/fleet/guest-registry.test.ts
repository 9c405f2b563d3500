// Who may start one more guest.

import { describe, expect, test } from "vitest";
import type { HostResources } from "../../../src/platform/host-resources.js";
import { GuestRegistry } from "../../../src/fleet/guest-registry.js";
import { newVmId } from "../../../src/vm/vm-record.js";
import { freshMachines } from "../../../src/machine/fresh-machines.js";
import { makeGate } from "../helpers/gate.js";
import { NO_NETWORKS } from "../network/no-networks.js";
import { PlayedEngine } from "../machine/played-engine.js";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const SIZE = { vcpuCount: 1, memMib: 1024 };

function makeRegistry(maxActive?: number, host: Partial<HostResources> = {}) {
  const engine = new PlayedEngine();
  const resources = {
    readTotalMemory: () => 16 * GIB,
    readAvailableMemory: () => 8 * GIB,
    readFreeDisk: () => Promise.resolve(100 * GIB),
    ...host,
  };
  const guests = new GuestRegistry({
    stateDir: "/state",
    maxActive,
    resources,
    networks: NO_NETWORKS,
    onFailure: () => undefined,
  });
  const start = () => {
    const environment = { name: "debian:12", version: "0.1.0", rootfsDir: "/e/rootfs" };
    return guests.start(newVmId(), {
      origin: { source: freshMachines(engine), environment, isIsolated: true },
      size: SIZE,
    });
  };
  return { engine, guests, start };
}

describe("the cap", () => {
  test("one more is refused, with the list of what could be stopped; after a removal there is room", async () => {
    const { guests, start } = makeRegistry(2);
    const [one, other] = [await start(), await start()];
    await expect(start()).rejects.toMatchObject({
      code: "vm_limit_reached",
      details: { max_active: 2, ids: [one.ownerId, other.ownerId] },
    });
    await guests.remove(one);
    await expect(start()).resolves.toBeDefined();
  });

  test("holds for starts at the same moment, and a start that failed does not count", async () => {
    const { engine, start } = makeRegistry(2);
    const gate = makeGate();
    engine.beforeStart = () => gate.opened;
    const starts = Promise.allSettled([start(), start(), start()]);
    gate.open();
    expect((await starts).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);

    const failing = makeRegistry(1);
    failing.engine.beforeStart = () => Promise.reject(new Error("no luck"));
    await expect(failing.start()).rejects.toThrow("no luck");
    failing.engine.beforeStart = () => Promise.resolve();
    await expect(failing.start()).resolves.toBeDefined();
  });

  test("a guest that ended by itself does not count", async () => {
    const { engine, guests, start } = makeRegistry(1);
    await start();
    engine.started[0]?.die();
    await expect.poll(() => guests.list()).toEqual([]);
    await expect(start()).resolves.toBeDefined();
  });

  test("comes from the host's memory, and is at least four", () => {
    expect(makeRegistry().guests.maxActive).toBe(32);
    expect(makeRegistry(undefined, { readTotalMemory: () => GIB }).guests.maxActive).toBe(4);
  });
});

describe("a host in need", () => {
  test("without memory no guest is started, and the refusal says how little is left", async () => {
    const { engine, start } = makeRegistry(4, { readAvailableMemory: () => 100 * MIB });
    await expect(start()).rejects.toMatchObject({
      code: "out_of_memory",
      message: "the host has only 100 MiB of memory left",
    });
    expect(engine.started).toHaveLength(0);
  });

  test("without disk no guest is started, and the refusal names the place", async () => {
    const { engine, start } = makeRegistry(4, { readFreeDisk: () => Promise.resolve(10 * MIB) });
    await expect(start()).rejects.toMatchObject({
      code: "out_of_disk",
      message: "/state has only 10 MiB left",
    });
    expect(engine.started).toHaveLength(0);
  });
});
