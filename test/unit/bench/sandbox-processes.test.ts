import { describe, expect, test } from "vitest";
import {
  listProcesses,
  parseCpuSeconds,
  parsePss,
  readCpuSeconds,
  readProportionalMemory,
  selectMachine,
} from "../../../src/bench/sandbox-processes.js";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER_ID = "ffffffffffffffffffffffffffffffff";

describe("the processes of a machine", () => {
  const processes = [
    // Listed before its parents, as after the pids have wrapped.
    { pid: 2, parentPid: 12, commandLine: "" },
    { pid: 10, parentPid: 1, commandLine: `runsc-sandbox\0boot\0${ID}\0` },
    { pid: 11, parentPid: 1, commandLine: `runsc-gofer\0${ID}\0` },
    { pid: 12, parentPid: 10, commandLine: "" },
    { pid: 20, parentPid: 1, commandLine: `runsc-sandbox\0boot\0${OTHER_ID}\0` },
    { pid: 21, parentPid: 20, commandLine: "" },
  ];

  test("are those that name it and all that descend from them", () => {
    expect(selectMachine(processes, ID).sort((a, b) => a - b)).toEqual([2, 10, 11, 12]);
  });

  test("are none for a machine that is gone", () => {
    expect(selectMachine(processes, "a".repeat(32))).toEqual([]);
  });
});

describe("what processes take", () => {
  test("memory is the proportional set size", () => {
    expect(parsePss("Rss:  900 kB\nPss:   12 kB\nPss_Dirty:  7 kB\n")).toBe(12 * 1024);
    expect(parsePss("")).toBe(0);
  });

  test("processor time is the first field of schedstat", () => {
    expect(parseCpuSeconds("1500000000 741927433 16461\n")).toBe(1.5);
    expect(parseCpuSeconds("")).toBe(0);
  });

  test("is read of real processes, and nothing of those that are gone", async () => {
    const pids = [process.pid, 2 ** 22 + 1];
    expect(await readProportionalMemory(pids)).toBeGreaterThan(1e6);
    expect(await readCpuSeconds(pids)).toBeGreaterThan(0);
    expect(await listProcesses()).toContainEqual(
      expect.objectContaining({ pid: process.pid, parentPid: process.ppid }),
    );
  });
});
