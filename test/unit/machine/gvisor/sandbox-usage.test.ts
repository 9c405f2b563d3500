import { once } from "node:events";
import { expect, test } from "vitest";
import { SandboxUsage } from "../../../../src/machine/gvisor/sandbox-usage.js";
import { pidOf, readLine, startChild } from "../../helpers/processes.js";

const MIB = 1024 * 1024;

test("counts the memory that a process has for itself, as it grows", async () => {
  const script = `
    const kept = [];
    process.stdout.write("ready\\n");
    process.stdin.once("data", () => {
      kept.push(Buffer.alloc(64 * ${MIB}, 1));
      process.stdout.write("grown\\n");
    });`;
  const child = startChild(process.execPath, ["-e", script]);
  await readLine(child);
  const usage = new SandboxUsage(pidOf(child));
  const before = await usage.readMemoryBytes();
  child.stdin?.write("grow\n");
  await readLine(child);
  const grownBytes = (await usage.readMemoryBytes()) - before;
  expect(before).toBeGreaterThan(MIB);
  expect(grownBytes).toBeGreaterThan(60 * MIB);
  expect(grownBytes).toBeLessThan(128 * MIB);
});

test("a process that is gone, or never was, costs nothing", async () => {
  const child = startChild("cat", []);
  child.kill("SIGKILL");
  await once(child, "close");
  for (const pid of [pidOf(child), 2 ** 30, Number.NaN]) {
    const usage = new SandboxUsage(pid);
    expect([await usage.readMemoryBytes(), await usage.readDiskBytes()]).toEqual([0, 0]);
  }
});
