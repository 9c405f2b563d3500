// One-shot guests over a played engine: acts that meet in the same moment, and time.

import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { freshMachines } from "../../../src/machine/fresh-machines.js";
import { GuestRegistry } from "../../../src/fleet/guest-registry.js";
import type { CommandContext } from "../../../src/fleet/run-command.js";
import { VmStore } from "../../../src/vm/vm-store.js";
import { Vms } from "../../../src/vm/vms.js";
import { playAgent } from "../guest/played-agent.js";
import { makeGate } from "../helpers/gate.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { NO_NETWORKS } from "../network/no-networks.js";
import { PlayedEngine } from "../machine/played-engine.js";

const ENVIRONMENT = { name: "debian:12", version: "0.1.0", rootfsDir: "/e/rootfs" };
const COMMAND = { command: ["true"], timeoutSeconds: 30 };
const CONTEXT: CommandContext = {
  signal: new AbortController().signal,
  onEvent: () => undefined,
  stdin: undefined,
};
const HOST = {
  readTotalMemory: () => 2 ** 34,
  readAvailableMemory: () => 2 ** 34,
  readFreeDisk: () => Promise.resolve(2 ** 40),
};

async function makeVms() {
  const stateDir = await makeTempDirectory();
  const engine = new PlayedEngine();
  const onFailure = () => undefined;
  const guests = new GuestRegistry({
    stateDir,
    maxActive: 4,
    resources: HOST,
    networks: NO_NETWORKS,
    onFailure,
  });
  const origin = { source: freshMachines(engine), environment: ENVIRONMENT, isIsolated: true };
  const resolveOrigin = () => Promise.resolve(origin);
  const open = () => new Vms({ guests, store: new VmStore(stateDir), resolveOrigin, onFailure });
  const vms = open();
  const create = async (ttlSeconds = 600) => {
    const size = { vcpuCount: 1, memMib: 1024 };
    return (await vms.create({ origin, ...size, ttlSeconds, allowHostCompat: false, network: false })).vmId;
  };
  const start = (vmId: string, signal = CONTEXT.signal) => vms.start(vmId, signal);
  const files = () => readdir(path.join(stateDir, "vms"));
  return { create, engine, files, guests, open, start, stateDir, vms };
}

/** A start that waits in the middle, until the test lets it go on. */
function holdStart(engine: PlayedEngine) {
  const begun = makeGate();
  const gate = makeGate();
  engine.beforeStart = (signal) => {
    begun.open();
    return Promise.race([
      gate.opened,
      new Promise<never>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("aborted", { cause: signal.reason })));
      }),
    ]);
  };
  return { begun: begun.opened, goOn: () => gate.open() };
}

/** Agents whose commands run until they are cancelled. */
function playEndlessCommands(engine: PlayedEngine) {
  const begun = makeGate();
  engine.makeAgent = async () => {
    const { agent } = await playAgent({
      process: {
        async *exec(_messages, { signal }) {
          begun.open();
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          yield {};
        },
      },
    });
    return agent;
  };
  return begun.opened;
}

describe("starts", () => {
  test("two at once are one start", async () => {
    const { create, engine, start } = await makeVms();
    const vmId = await create();
    const [one, other] = await Promise.all([start(vmId), start(vmId)]);
    expect(one).toEqual(other);
    expect(engine.started).toHaveLength(1);
  });

  test("one that its caller cancels does not fail the other", async () => {
    const { create, engine, start } = await makeVms();
    const vmId = await create();
    const { begun, goOn } = holdStart(engine);
    const cancel = new AbortController();
    const one = start(vmId, cancel.signal);
    const other = start(vmId);
    await begun;
    cancel.abort(new Error("enough"));
    await expect(one).rejects.toThrow();
    goOn();
    await expect(other).resolves.toMatchObject({ state: "started" });
  });

  test.each(["delete", "stop"] as const)("a %s meanwhile ends it, and no guest stays", async (act) => {
    const { create, engine, guests, start, vms } = await makeVms();
    const vmId = await create();
    const { begun } = holdStart(engine);
    const starting = expect(start(vmId)).rejects.toThrow("aborted");
    await begun;
    await vms[act](vmId);
    await starting;
    expect([engine.started, guests.list()]).toEqual([[], []]);
    await expect(start(vmId)).rejects.toMatchObject({ code: act === "stop" ? "conflict" : "vm_not_found" });
  });

  test("one that fails leaves the guest as it was, for a command too", async () => {
    const { create, engine, start, vms } = await makeVms();
    const vmId = await create();
    engine.beforeStart = () => Promise.reject(new Error("no luck"));
    await expect(start(vmId)).rejects.toThrow("no luck");
    await expect(vms.exec(vmId, COMMAND, CONTEXT)).rejects.toThrow("no luck");
    expect(vms.status(vmId)).toMatchObject({ state: "created" });
    engine.beforeStart = () => Promise.resolve();
    await expect(start(vmId)).resolves.toMatchObject({ state: "started" });
  });

  test("one whose record cannot be written leaves no guest", async () => {
    const { create, engine, guests, start, stateDir } = await makeVms();
    const vmId = await create();
    await rm(path.join(stateDir, "vms"), { recursive: true });
    await writeFile(path.join(stateDir, "vms"), "");
    await expect(start(vmId)).rejects.toMatchObject({ code: "EEXIST" });
    await guests.settle();
    expect([engine.started[0]?.removed, guests.list()]).toEqual([true, []]);
  });

  test("a guest that dies leaves a stopped record", async () => {
    const { create, engine, start, vms } = await makeVms();
    const vmId = await create();
    await start(vmId);
    engine.started[0]?.die();
    await expect.poll(() => vms.status(vmId).state).toBe("stopped");
    await expect.poll(() => engine.started[0]?.removed).toBe(true);
  });
});

describe("a command that runs", () => {
  test.each([
    ["delete", "vm_not_found", "was deleted"],
    ["stop", "conflict", "was stopped"],
  ] as const)("is ended by %s, and its caller is told so", async (act, code, message) => {
    const { create, engine, files, guests, vms } = await makeVms();
    const begun = playEndlessCommands(engine);
    const vmId = await create();
    const running = expect(vms.exec(vmId, COMMAND, CONTEXT)).rejects.toMatchObject({
      code,
      message: `${vmId} ${message}`,
    });
    await begun;
    await vms[act](vmId);
    await running;
    expect(() => vms.status(vmId)).toThrow(vmId);
    expect([await files(), guests.list()]).toEqual([[], []]);
  });

  test("has no record: a daemon that is killed under it leaves nothing to adopt", async () => {
    const { create, engine, files, open, vms } = await makeVms();
    const begun = playEndlessCommands(engine);
    const vmId = await create();
    const running = expect(vms.exec(vmId, COMMAND, CONTEXT)).rejects.toThrow();
    await begun;
    expect(await files()).toEqual([]);
    expect(await open().adopt(engine)).toEqual(new Set());
    await vms.delete(vmId);
    await running;
  });

  test("does not expire under its caller, whose second command is refused", async () => {
    const { create, engine, vms } = await makeVms();
    const begun = playEndlessCommands(engine);
    const vmId = await create(0);
    const running = expect(vms.exec(vmId, COMMAND, CONTEXT)).rejects.toThrow();
    await begun;
    expect(await vms.reapExpired()).toEqual([]);
    await expect(vms.exec(vmId, COMMAND, CONTEXT)).rejects.toMatchObject({ code: "conflict" });
    await vms.delete(vmId);
    await running;
  });
});

describe("time", () => {
  test("what has expired is removed once, in every state", async () => {
    const { create, engine, files, start, vms } = await makeVms();
    const [created, started, stopped, young] = [
      await create(0),
      await create(0),
      await create(0),
      await create(),
    ];
    await start(started);
    await vms.stop(stopped);
    expect(new Set(await vms.reapExpired())).toEqual(new Set([created, started, stopped]));
    expect(await vms.reapExpired()).toEqual([]);
    expect(await files()).toEqual([`${young}.json`]);
    await expect.poll(() => engine.started[0]?.removed).toBe(true);
  });

  test("what expired while no daemon ran is gone when the next one begins", async () => {
    const { create, engine, files, open } = await makeVms();
    await create(0);
    const next = open();
    await next.adopt(engine);
    expect(await files()).toEqual([]);
    expect(next.listRunning()).toEqual([]);
  });
});
