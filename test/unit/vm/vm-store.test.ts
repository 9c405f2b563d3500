import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { newVmId, type VmRecord } from "../../../src/vm/vm-record.js";
import { VmStore } from "../../../src/vm/vm-store.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

function makeRecord(): VmRecord {
  return {
    vmId: newVmId(),
    environment: "debian:12",
    environmentVersion: "0.1.0",
    rootfsDir: "/e/rootfs",
    vcpuCount: 1,
    memMib: 1024,
    ttlSeconds: 600,
    createdAt: 1,
    state: "created",
    allowHostCompat: false,
    network: false,
  };
}

async function makeStore() {
  const stateDir = await makeTempDirectory();
  const store = new VmStore(stateDir);
  const directory = path.join(stateDir, "vms");
  return { store, directory, fileOf: ({ vmId }: VmRecord) => path.join(directory, `${vmId}.json`) };
}

describe("the records of guests", () => {
  test("there are none without a directory", async () => {
    const { store } = await makeStore();
    expect(await store.readAll()).toEqual([]);
  });

  test("come back as they were written, until they are removed", async () => {
    const { store, directory } = await makeStore();
    const [one, other] = [makeRecord(), makeRecord()];
    await store.write(one);
    await store.write({ ...other, state: "stopped" });
    expect(await store.readAll()).toEqual(expect.arrayContaining([one, { ...other, state: "stopped" }]));
    await store.remove(one.vmId);
    await store.remove(one.vmId);
    expect(await store.readAll()).toEqual([{ ...other, state: "stopped" }]);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test.each(["", "{", "null", '{"vmId":"vm_aaaabbbbcccc"}'])(
    "a damaged one (%j) goes, the others stay",
    async (text) => {
      const { store, directory, fileOf } = await makeStore();
      const [sound, damaged] = [makeRecord(), makeRecord()];
      await store.write(sound);
      await writeFile(fileOf(damaged), text);
      expect(await store.readAll()).toEqual([sound]);
      expect(await readdir(directory)).toEqual([path.basename(fileOf(sound))]);
    },
  );

  test("a record that a killed daemon had not renamed yet is no second guest", async () => {
    const { store, directory, fileOf } = await makeStore();
    const record = makeRecord();
    await store.write(record);
    const copy = await readFile(fileOf(record));
    await writeFile(path.join(directory, `.${record.vmId}.json.0a1b2c3d4e5f`), copy);
    expect(await store.readAll()).toEqual([record]);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test("a record under another guest's name is nobody's", async () => {
    const { store, fileOf } = await makeStore();
    const record = makeRecord();
    await store.write(record);
    await rename(fileOf(record), fileOf(makeRecord()));
    expect(await store.readAll()).toEqual([]);
  });

  test("something else in their directory keeps no daemon from starting", async () => {
    const { store, directory } = await makeStore();
    await mkdir(path.join(directory, `${newVmId()}.json`, "x"), { recursive: true });
    expect(await store.readAll()).toEqual([]);
  });
});
