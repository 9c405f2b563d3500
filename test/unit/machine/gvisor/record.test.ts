import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SandboxDirectory, type SandboxRecord } from "../../../../src/machine/gvisor/record.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const RECORD: SandboxRecord = {
  id: "0".repeat(32),
  pid: 4711,
  startTime: "123456",
  token: "ab".repeat(32),
  platform: "systrap",
  runscPath: "/state/runsc",
  engineBuild: "0123",
  memMib: 1024,
};

async function makeDirectory() {
  const directory = new SandboxDirectory(await makeTempDirectory(), RECORD.id);
  await directory.create();
  return { directory, file: path.join(directory.root, "record.json") };
}

test("the files of a sandbox are for this user alone", async () => {
  const { directory } = await makeDirectory();
  expect(directory.root).toMatch(new RegExp(`/machines/${RECORD.id}$`));
  for (const made of [directory.root, directory.channelDir, directory.bundleDir, directory.logDir]) {
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  }
  expect(directory.socketPath).toBe(`${directory.channelDir}/agent.sock`);
  expect(directory.logDir.endsWith("/")).toBe(true);
});

test("a record is read as it was written, and is as private as the token in it", async () => {
  const { directory, file } = await makeDirectory();
  for (const record of [RECORD, { ...RECORD, cgroup: "/pyro-x/y" }]) {
    await directory.writeRecord(record);
    expect(await directory.findRecord()).toEqual(record);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(directory.root)).sort()).toEqual([
    "bundle",
    "channel",
    "log",
    "overlay",
    "record.json",
  ]);
});

describe("no record is found", () => {
  test("where there is none", async () => {
    const { directory } = await makeDirectory();
    expect(await directory.findRecord()).toBeUndefined();
    expect(await new SandboxDirectory("/no/such/state", "x").findRecord()).toBeUndefined();
  });

  test("where a directory has its place", async () => {
    const { directory, file } = await makeDirectory();
    await mkdir(file);
    expect(await directory.findRecord()).toBeUndefined();
  });

  test("in a record that was cut short anywhere", async () => {
    const { directory, file } = await makeDirectory();
    const text = JSON.stringify(RECORD);
    for (let length = 0; length < text.length; length += 1) {
      await writeFile(file, text.slice(0, length));
      expect(await directory.findRecord()).toBeUndefined();
    }
  });

  test.each([
    { ...RECORD, pid: "4711" },
    { ...RECORD, pid: 1.5 },
    { ...RECORD, platform: "ptrace" },
    { ...RECORD, token: undefined },
    { ...RECORD, cgroup: 7 },
    [RECORD],
    null,
  ])("in a record with a wrong field: %j", async (damaged) => {
    const { directory, file } = await makeDirectory();
    await writeFile(file, JSON.stringify(damaged));
    expect(await directory.findRecord()).toBeUndefined();
  });

  test("in whatever bytes stand in its place", async () => {
    const { directory, file } = await makeDirectory();
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await writeFile(file, content);
        expect(await directory.findRecord()).toBeUndefined();
      }),
    );
  });
});

test("a sandbox's files can be removed twice", async () => {
  const { directory } = await makeDirectory();
  await directory.remove();
  await directory.remove();
  await expect(stat(directory.root)).rejects.toMatchObject({ code: "ENOENT" });
});
