import { open, rm } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { OpenFiles } from "../../../../src/machine/gvisor/open-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const MIB = 1024 * 1024;

async function openNamed(name: string) {
  const file = path.join(await makeTempDirectory(), name);
  const handle = await open(file, "w+");
  // It has no name any more, as the files of a sandbox.
  await rm(file);
  return handle;
}

test("counts the blocks of the open files of that name, as they grow and shrink, and of no others", async () => {
  await using counted = await openNamed("counted-1");
  await using other = await openNamed("other-1");
  const files = new OpenFiles(process.pid, /\/counted-/);
  expect(await files.readBytes()).toBe(0);
  await counted.write(Buffer.alloc(3 * MIB, 1));
  await other.write(Buffer.alloc(3 * MIB, 1));
  expect(await files.readBytes()).toBeGreaterThanOrEqual(3 * MIB);
  expect(await files.readBytes()).toBeLessThan(4 * MIB);
  await counted.truncate(0);
  expect(await files.readBytes()).toBe(0);
});

test("a file that is open twice is counted once", async () => {
  await using first = await openNamed("twice-1");
  await using second = await open(`/proc/self/fd/${first.fd}`, "r");
  await first.write(Buffer.alloc(MIB, 1));
  expect(second.fd).not.toBe(first.fd);
  expect(await new OpenFiles(process.pid, /\/twice-/).readBytes()).toBe(MIB);
});

test("a descriptor that has come to be another file's is not counted any more", async () => {
  const closed = await openNamed("closed-1");
  await closed.write(Buffer.alloc(MIB, 1));
  const files = new OpenFiles(process.pid, /\/closed-/);
  expect(await files.readBytes()).toBe(MIB);
  await closed.close();
  await using reused = await openNamed("reused-1");
  await reused.write(Buffer.alloc(MIB, 1));
  expect(await files.readBytes()).toBe(0);
});
