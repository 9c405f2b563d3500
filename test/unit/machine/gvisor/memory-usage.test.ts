import { once } from "node:events";
import { expect, test } from "vitest";
import { readSandboxMemory } from "../../../../src/machine/gvisor/memory-usage.js";
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
  const before = await readSandboxMemory(pidOf(child));
  child.stdin?.write("grow\n");
  await readLine(child);
  const grownBytes = (await readSandboxMemory(pidOf(child))) - before;
  expect(before).toBeGreaterThan(MIB);
  expect(grownBytes).toBeGreaterThan(60 * MIB);
  expect(grownBytes).toBeLessThan(128 * MIB);
});

test("a process that is gone, or never was, costs nothing", async () => {
  const child = startChild("cat", []);
  child.kill("SIGKILL");
  await once(child, "close");
  expect(await readSandboxMemory(pidOf(child))).toBe(0);
  expect(await readSandboxMemory(2 ** 30)).toBe(0);
  expect(await readSandboxMemory(Number.NaN)).toBe(0);
});
