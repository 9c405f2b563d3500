// The store of layers over played captures: what is on the disk when, and what is noticed.

import { createHash, randomBytes } from "node:crypto";
import { cp, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatLayerId } from "../../../../src/contract/ids.js";
import { LayerStore } from "../../../../src/machine/layers/layer-store.js";
import { makeGate } from "../../helpers/gate.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { ENGINE_BUILD, playCapture } from "./played-capture.js";

const FILES = { "pages.img": "pages", "multitar.img": "", "manifest.pb": "manifest" };
const NOTHING_KEPT = () => Promise.resolve(new Set<string>());

async function makeStore() {
  const stateDir = await makeTempDirectory();
  const store = new LayerStore(stateDir);
  const directory = path.join(stateDir, "layers");
  return { stateDir, store, directory, capture: (label = "x") => store.capture(playCapture(FILES), label) };
}

describe("a capture", () => {
  test("is a directory with its files and what is known about them, for this user alone", async () => {
    const { store, directory } = await makeStore();
    const before = Date.now() / 1000;
    const layer = await store.capture(playCapture(FILES), "a label");
    const { id, createdAt } = layer;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const directoryOf = path.join(directory, id);
    expect(layer).toEqual({
      id,
      kind: "capture",
      path: directoryOf,
      label: "a label",
      createdAt,
      sizeBytes: 13,
    });
    expect(layer.createdAt).toBeGreaterThanOrEqual(before);
    expect((await readdir(layer.path)).sort()).toEqual([...Object.keys(FILES), "layer.json"].sort());
    const record: unknown = JSON.parse(await readFile(path.join(layer.path, "layer.json"), "utf8"));
    expect(record).toMatchObject({ engineBuild: ENGINE_BUILD, label: "a label", id: layer.id });
    for (const made of [directory, layer.path]) expect((await stat(made)).mode & 0o777).toBe(0o700);
    expect(await store.open(layer.id)).toEqual(layer);
    expect(await store.list()).toEqual([layer.id]);
  });

  test("that is under way cannot be opened, and is not listed", async () => {
    const { store, directory } = await makeStore();
    const begun = makeGate();
    const gate = makeGate();
    const machine = playCapture(FILES);
    machine.beforeEnd = () => {
      begun.open();
      return gate.opened;
    };
    const capturing = store.capture(machine, "x");
    await begun.opened;
    expect(await store.list()).toEqual([]);
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^\.partial-/)]);
    gate.open();
    const { id } = await capturing;
    expect(await store.list()).toEqual([id]);
  });

  test("that fails leaves nothing, and its error is the guest's", async () => {
    const { store, directory } = await makeStore();
    const machine = playCapture(FILES);
    const failure = new Error("no luck");
    machine.beforeEnd = () => Promise.reject(failure);
    await expect(store.capture(machine, "x")).rejects.toBe(failure);
    expect(await readdir(directory)).toEqual([]);
  });

  test("of an engine that has none is refused before anything is made", async () => {
    const { store, stateDir } = await makeStore();
    await expect(store.capture({}, "x")).rejects.toMatchObject({ code: "not_yet_available" });
    expect(await readdir(stateDir)).toEqual([]);
  });

  test("has the digests of its files, whatever their size", async () => {
    const { store } = await makeStore();
    const sizes = fc.oneof(
      fc.nat(5),
      fc.integer({ min: 2 ** 20 - 1, max: 2 ** 20 + 1 }),
      fc.nat(3 * 2 ** 20),
    );
    const property = fc.asyncProperty(sizes, async (size) => {
      const content = randomBytes(size);
      const layer = await store.capture(playCapture({ file: content }), "x");
      const sha256 = createHash("sha256").update(content).digest("hex");
      const record: unknown = JSON.parse(await readFile(path.join(layer.path, "layer.json"), "utf8"));
      expect(record).toMatchObject({ files: [{ name: "file", sizeBytes: size, sha256 }] });
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

describe("opening", () => {
  const damages: Readonly<Record<string, [RegExp, (directory: string) => Promise<void>]>> = {
    "a flipped bit": [/pages\.img was changed/, (directory) => writeByte(path.join(directory, "pages.img"))],
    "another file in its place": [
      /pages\.img was changed/,
      async (directory) => {
        await writeFile(path.join(directory, "new"), "paged");
        await rename(path.join(directory, "new"), path.join(directory, "pages.img"));
      },
    ],
    "a longer file": [
      /5 bytes instead of 0/,
      (directory) => writeFile(path.join(directory, "multitar.img"), "12345"),
    ],
    "a missing file": [/pages\.img is missing/, (directory) => rm(path.join(directory, "pages.img"))],
    "a directory for a file": [
      /pages\.img/,
      async (directory) => {
        await rm(path.join(directory, "pages.img"));
        await mkdir(path.join(directory, "pages.img"));
      },
    ],
    "no record": [/it is missing/, (directory) => rm(path.join(directory, "layer.json"))],
    "a record that is no JSON": [
      /cannot be read/,
      (directory) => writeFile(path.join(directory, "layer.json"), "{"),
    ],
    "a record of another form": [/cannot be read/, (directory) => editRecord(directory, { format: 2 })],
    "a record that leads elsewhere": [
      /cannot be read/,
      (directory) =>
        editRecord(directory, {
          files: [{ name: "../x", sizeBytes: 0, sha256: "0".repeat(64), identity: "" }],
        }),
    ],
    "a record of another layer": [
      /is that of layer/,
      (directory) => editRecord(directory, { id: "0".repeat(32) }),
    ],
    "no directory": [/it is missing/, (directory) => rm(directory, { recursive: true })],
  };

  test.each(Object.keys(damages))("a layer with %s says so, with its id and the reason", async (name) => {
    const { store, capture } = await makeStore();
    const layer = await capture();
    const [reason, damage] = damages[name] ?? [];
    await damage?.(layer.path);
    const matching: unknown = expect.stringMatching(reason ?? "");
    const details = { layer_id: layer.id, reason: matching };
    await expect(store.open(layer.id)).rejects.toMatchObject({ code: "layer_damaged", details });
  });

  test("a copy in its place is the same layer: its files are read once, and not again", async () => {
    const { stateDir, store, capture } = await makeStore();
    const layer = await capture();
    await cp(layer.path, `${layer.path}.copy`, { recursive: true });
    await rm(layer.path, { recursive: true });
    await rename(`${layer.path}.copy`, layer.path);
    expect(await store.open(layer.id)).toEqual(layer);
    expect(await store.open(layer.id)).toEqual(layer);
    expect(await new LayerStore(stateDir).open(layer.id)).toEqual(layer);
    // A change after that is noticed all the same.
    await writeByte(path.join(layer.path, "pages.img"));
    await expect(store.open(layer.id)).rejects.toMatchObject({ code: "layer_damaged" });
  });

  test("another daemon opens it as well", async () => {
    const { stateDir, capture } = await makeStore();
    const layer = await capture();
    expect(await new LayerStore(stateDir).open(layer.id)).toEqual(layer);
  });
});

describe("collecting", () => {
  test("removes what nobody names, with the bytes that it says, and keeps the others", async () => {
    const { store, directory, capture } = await makeStore();
    const kept = await capture();
    const unused = [await capture(), await capture()];
    const sizes = await Promise.all(unused.map(({ id }) => store.sizeBytes(id)));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(await store.collect(() => Promise.resolve(new Set([kept.id])))).toBe(
      (sizes[0] ?? 0) + (sizes[1] ?? 0),
    );
    expect(await readdir(directory)).toEqual([kept.id]);
    expect(await store.sizeBytes(unused[0]?.id ?? kept.id)).toBe(0);
    await store.open(kept.id);
  });

  test("removes what a capture and a removal that were cut short have left", async () => {
    const { store, directory, capture } = await makeStore();
    const halfRemoved = await capture();
    await rm(path.join(halfRemoved.path, "layer.json"));
    await mkdir(path.join(directory, `.partial-${"0".repeat(32)}`));
    await writeFile(path.join(directory, `.partial-${"0".repeat(32)}`, "pages.img"), "x".repeat(10_000));
    expect(await store.collect(NOTHING_KEPT)).toBeGreaterThan(10_000);
    expect(await readdir(directory)).toEqual([]);
  });

  test("leaves alone what it does not know", async () => {
    const { store, directory } = await makeStore();
    await mkdir(path.join(directory, "something"), { recursive: true });
    await store.collect(NOTHING_KEPT);
    expect(await readdir(directory)).toEqual(["something"]);
  });

  test("spares a capture that is under way", async () => {
    const { store } = await makeStore();
    const machine = playCapture(FILES);
    machine.beforeEnd = async () => {
      await store.collect(NOTHING_KEPT);
    };
    const layer = await store.capture(machine, "x");
    await store.open(layer.id);
  });

  test("spares what is leased, until the last lease has ended", async () => {
    const { store, capture } = await makeStore();
    const { id } = await capture();
    const leases = [store.lease(id), store.lease(id)];
    await store.collect(NOTHING_KEPT);
    leases[0]?.[Symbol.dispose]();
    // Disposed of twice is disposed of once.
    leases[0]?.[Symbol.dispose]();
    await store.collect(NOTHING_KEPT);
    await store.open(id);
    leases[1]?.[Symbol.dispose]();
    await store.collect(NOTHING_KEPT);
    expect(await store.list()).toEqual([]);
  });

  test("spares what got a record and lost its lease while the records were being read", async () => {
    const { store, capture } = await makeStore();
    const held = await capture();
    const lease = store.lease(held.id);
    const leasedLater = await capture();
    const captured: string[] = [];
    await store.collect(async () => {
      lease[Symbol.dispose]();
      store.lease(leasedLater.id)[Symbol.dispose]();
      captured.push((await capture()).id);
      // Read before any of them had a record.
      return new Set();
    });
    expect((await store.list()).sort()).toEqual([held.id, leasedLater.id, ...captured].sort());
    await store.collect(NOTHING_KEPT);
    expect(await store.list()).toEqual([]);
  });

  test("before there was any layer finds nothing", async () => {
    const { store } = await makeStore();
    expect(await store.collect(NOTHING_KEPT)).toBe(0);
    expect(await store.list()).toEqual([]);
    await store.remove(formatLayerId(randomBytes(16)));
  });
});

async function writeByte(file: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  const handle = await open(file, "r+");
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 0);
  await handle.write(Uint8Array.of((buffer[0] ?? 0) ^ 1), 0, 1, 0);
  // Size and times are as they were.
  await handle.utimes(atime, mtime);
  await handle.close();
}

async function editRecord(directory: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const file = path.join(directory, "layer.json");
  const record: unknown = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(Object.assign({}, record, changes)));
}
