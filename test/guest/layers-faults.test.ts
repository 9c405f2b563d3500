// Captures that fail, and layers that are damaged: what was there before lives on, and the error says what it is.

import { randomBytes } from "node:crypto";
import { cp, mkdir, open, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Layer, Machine } from "../../src/machine/engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { signalProcess } from "../../src/platform/process-identity.js";
import { formatLayerId } from "../../src/contract/ids.js";
import { execText } from "../helpers/exec-text.js";
import { awaitRunsc } from "../helpers/find-runsc.js";
import { buildLayerTar, type TarEntry } from "../helpers/layer-tar.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { guestProcesses } from "../helpers/running-guest.js";
import { mountTmpfs } from "../helpers/tmpfs.js";
import { useEngine } from "../helpers/use-engine.js";

const MIB = 1024 * 1024;
/** Loading this much takes long enough for something to come in between. */
const LARGE_BYTES = 120 * MIB;
const CAUGHT_TIMEOUT_MS = 30_000;

const opened = useEngine();

async function startFilled(sizeBytes: number): Promise<{ machine: Machine; sum: string }> {
  const machine = await opened().start();
  const sum = await execText(
    machine.agent,
    `yes | head -c ${sizeBytes} > /root/large; sha256sum /root/large`,
  );
  return { machine, sum };
}

async function makeDirectory(): Promise<string> {
  const directory = path.join(opened().pyro.directory, `capture-${randomBytes(6).toString("hex")}`);
  await mkdir(directory);
  return directory;
}

/** A capture that is under way, for as long as the sandbox is frozen. */
async function beginCapture(machine: Machine, signal?: AbortSignal) {
  if (!machine.capture) throw new Error("it cannot be captured");
  const sandbox = (await guestProcesses(opened().pyro)).find(({ kind }) => kind === "sandbox");
  if (!sandbox) throw new Error("no sandbox");
  await signalProcess(sandbox, "SIGSTOP");
  const capture = machine.capture(await makeDirectory(), signal);
  capture.catch(() => undefined);
  const runsc = await awaitRunsc("fscheckpoint", AbortSignal.timeout(CAUGHT_TIMEOUT_MS));
  return { capture, runsc, sandbox };
}

/** The guest is as it was, and a capture of it is whole. */
async function expectUnharmed(machine: Machine, sum: string): Promise<void> {
  const { layers, start } = opened();
  expect(await execText(machine.agent, "sha256sum /root/large; echo more > /root/more")).toBe(sum);
  const copy = await start(await layers.open((await layers.capture(machine, "after")).id));
  expect(await execText(copy.agent, "sha256sum /root/large; cat /root/more")).toBe(`${sum}\nmore`);
}

describe("a capture that fails", () => {
  test("for want of disk: the guest lives, nothing of it stays, and with space it succeeds", async () => {
    const { machine, sum } = await startFilled(8 * MIB);
    await using small = await mountTmpfs(4);
    const layers = new LayerStore(small.directory);
    await expect(layers.capture(machine, "too large")).rejects.toMatchObject({ code: "out_of_disk" });
    expect(await readdir(path.join(small.directory, "layers"))).toEqual([]);
    await expectUnharmed(machine, sum);
  });

  test("because runsc is killed: the guest lives, and the next capture is whole", async () => {
    const { machine, sum } = await startFilled(MIB);
    const { capture, runsc, sandbox } = await beginCapture(machine);
    await signalProcess(runsc, "SIGKILL");
    await signalProcess(sandbox, "SIGCONT");
    await expect(capture).rejects.toThrow(/SIGKILL/);
    await expectUnharmed(machine, sum);
  });

  test("because it is cancelled: the guest lives, and the next capture is whole", async () => {
    const { machine, sum } = await startFilled(MIB);
    const cancel = new AbortController();
    const { capture, sandbox } = await beginCapture(machine, cancel.signal);
    const reason = new Error("enough");
    cancel.abort(reason);
    await expect(capture).rejects.toBe(reason);
    await signalProcess(sandbox, "SIGCONT");
    await expectUnharmed(machine, sum);
  });

  test("because the guest dies: that is what is said", async () => {
    const { machine } = await startFilled(MIB);
    const { capture, sandbox } = await beginCapture(machine);
    await signalProcess(sandbox, "SIGKILL");
    await expect(capture).rejects.toMatchObject({ code: "guest_died" });
    await expect(machine.capture?.(await makeDirectory())).rejects.toMatchObject({ code: "guest_died" });
  });

  test("because the guest is removed: both end, and nothing is left", async () => {
    const { machine } = await startFilled(MIB);
    const { capture } = await beginCapture(machine);
    await machine.remove();
    await expect(capture).rejects.toMatchObject({ code: "guest_died" });
    await expectNothingLeft(opened().pyro);
  });

  test("before it began: a cancelled call and a missing directory change nothing", async () => {
    const { machine, sum } = await startFilled(MIB);
    const reason = new Error("enough");
    await expect(machine.capture?.(await makeDirectory(), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(machine.capture?.("/proc/1/nothing/here")).rejects.toMatchObject({ code: "internal" });
    await expectUnharmed(machine, sum);
  });
});

describe("a damaged layer", () => {
  async function capture(): Promise<Layer> {
    const { machine } = await startFilled(8 * MIB);
    const layer = await opened().layers.capture(machine, "victim");
    await machine.remove();
    return layer;
  }

  test("that is opened: each byte that was changed, and each file that is short or gone, is noticed", async () => {
    const { layers } = opened();
    const layer = await capture();
    const backup = await makeDirectory();
    await cp(layer.path, backup, { recursive: true });
    const expectDamaged = async (reason: RegExp) => {
      const matching: unknown = expect.stringMatching(reason);
      const details = { layer_id: layer.id, reason: matching };
      await expect(layers.open(layer.id)).rejects.toMatchObject({ code: "layer_damaged", details });
      await rm(layer.path, { recursive: true, force: true });
      await cp(backup, layer.path, { recursive: true });
      await layers.open(layer.id);
    };
    for (const name of (await readdir(layer.path)).filter(
      (each) => each.endsWith("img") || each.endsWith("pb"),
    )) {
      const file = path.join(layer.path, name);
      const { size, mtime, atime } = await stat(file);
      const handle = await open(file, "r+");
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.floor(size / 2));
      await handle.write(Uint8Array.of((buffer[0] ?? 0) ^ 1), 0, 1, Math.floor(size / 2));
      // The bit alone tells: size and time are as they were.
      await handle.utimes(atime, mtime);
      await handle.close();
      await expectDamaged(/was changed/);
      await truncate(file, size - 1);
      await expectDamaged(new RegExp(`${name} has ${size - 1} bytes instead of ${size}`));
      await rm(file);
      await expectDamaged(new RegExp(`${name} is missing`));
    }
    await writeFile(path.join(layer.path, "layer.json"), "{");
    await expectDamaged(/layer.json cannot be read/);
    await rm(layer.path, { recursive: true });
    await expectDamaged(/it is missing/);
  });

  test("whose content is cut short: the guest starts, `loaded` says so, and there is no capture of it", async () => {
    const layer = await capture();
    await truncate(path.join(layer.path, "pages.img"), 4096);
    const machine = await opened().start(layer);
    const damaged = { code: "layer_damaged", details: { layer_id: layer.id } };
    await expect(machine.loaded).rejects.toMatchObject(damaged);
    expect(await execText(machine.agent, "echo alive")).toBe("alive");
    await expect(opened().layers.capture(machine, "of a damaged one")).rejects.toMatchObject(damaged);
  });

  test("that nobody checks: no guest starts, and nothing of it is left", async () => {
    const layer = await capture();
    for (const name of ["fscheckpoint.pb", "multitar.img", "pages_meta.img"]) {
      const damaged = await makeDirectory();
      await cp(layer.path, damaged, { recursive: true });
      await truncate(path.join(damaged, name), 20);
      await expectRefused({ ...layer, path: damaged });
      await rm(path.join(damaged, name));
      await expectRefused({ ...layer, path: damaged });
    }
    await expectRefused({ ...layer, path: "/nonexistent" });
  });

  test.each<[string, readonly TarEntry[] | string, (tar: Buffer) => Buffer]>([
    ["is gone", "/nonexistent.tar", (tar) => tar],
    ["is no tar", [], () => Buffer.from("no tar")],
    [
      "is cut short",
      [{ path: "a", type: "file", content: randomBytes(MIB) }],
      (tar) => tar.subarray(0, MIB / 2),
    ],
    [
      "lacks a parent",
      [{ path: "a/b", type: "file" }],
      (tar) => Buffer.concat([tar.subarray(0, 512), tar.subarray(1024)]),
    ],
    ["has no root", [{ path: "a", type: "file" }], (tar) => tar.subarray(512)],
  ])("that is a tar which %s: no guest starts", async (_what, content, damage) => {
    const file = typeof content === "string" ? content : path.join(await makeDirectory(), "seed.tar");
    if (typeof content !== "string") await writeFile(file, damage(buildLayerTar(content)));
    await expectRefused({ id: formatLayerId(randomBytes(16)), kind: "tar", path: file });
  });

  async function expectRefused(layer: Layer): Promise<void> {
    await expect(opened().start(layer)).rejects.toMatchObject({
      code: "layer_damaged",
      details: { layer_id: layer.id },
    });
    await expectNothingLeft(opened().pyro);
  }
});

describe("a guest that is removed", () => {
  test("while its layer is being loaded: that is what `loaded` says, and nothing is left", async () => {
    const { layers, start } = opened();
    const { machine } = await startFilled(LARGE_BYTES);
    const layer = await layers.capture(machine, "large");
    await machine.remove();
    const copy = await start(layer);
    const loaded = copy.loaded.then(
      () => "loaded",
      (error: unknown) => error,
    );
    await copy.remove();
    // The disk may have been faster.
    expect(["loaded", expect.objectContaining({ code: "guest_died" })]).toContainEqual(await loaded);
    await expectNothingLeft(opened().pyro);
  });
});

describe("a full disk", () => {
  test("layers can be removed and collected", async () => {
    const { machine } = await startFilled(MIB);
    await using small = await mountTmpfs(8);
    const layers = new LayerStore(small.directory);
    const kept = await layers.capture(machine, "kept");
    const removed = await layers.capture(machine, "removed");
    const unused = await layers.capture(machine, "unused");
    const filler = path.join(small.directory, "filler");
    await expect(writeFile(filler, Buffer.alloc(8 * MIB))).rejects.toMatchObject({ code: "ENOSPC" });
    await expect(layers.capture(machine, "no room")).rejects.toMatchObject({ code: "out_of_disk" });
    await layers.remove(removed.id);
    await expect(writeFile(filler, Buffer.alloc(8 * MIB))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await layers.collect(() => Promise.resolve(new Set([kept.id])))).toBeGreaterThan(MIB);
    expect(await layers.list()).toEqual([kept.id]);
    await layers.open(kept.id);
    await expect(layers.open(unused.id)).rejects.toMatchObject({ code: "layer_damaged" });
  });
});
