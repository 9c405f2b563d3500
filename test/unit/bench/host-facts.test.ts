import { describe, expect, test } from "vitest";
import { formatHostFacts, isBusy, tidyCpuModel, type HostFacts } from "../../../src/bench/host-facts.js";

const FACTS: HostFacts = {
  cpuModel: "Some Processor",
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  kernel: "6.1.0",
  engine: "gvisor",
  enginePlatform: "systrap",
  engineVersion: "release-1",
  memoryLimitedBy: "cgroup",
  pyroVersion: "0.1.0",
  nodeVersion: "v20.0.0",
  loadAverage: 0.1,
};

test("processor names lose trade marks and padding", () => {
  expect(tidyCpuModel("Intel(R) Xeon(R) CPU   E5-2680 v4 @ 2.40GHz ")).toBe(
    "Intel Xeon CPU E5-2680 v4 @ 2.40GHz",
  );
  expect(tidyCpuModel(undefined)).toBe("unknown processor");
  expect(tidyCpuModel("  ")).toBe("unknown processor");
});

describe("the host's facts", () => {
  test("are one a line", () => {
    expect(formatHostFacts(FACTS)).toEqual([
      "Host: Some Processor, 2 cores, 8.0 GiB, Linux 6.1.0",
      "Engine: gvisor on systrap, version release-1, memory limited by cgroup",
      "Software: pyro 0.1.0, Node v20.0.0",
      "Load average at the start: 0.10",
    ]);
  });

  test("come with a warning when something else uses the machine", () => {
    expect(formatHostFacts({ ...FACTS, loadAverage: 3 }).at(-1)).toMatch(/^Warning: this machine is busy/);
  });

  test("busy is relative to the number of processors", () => {
    expect(isBusy({ loadAverage: 1, cores: 2 })).toBe(true);
    expect(isBusy({ loadAverage: 1, cores: 16 })).toBe(false);
  });
});
