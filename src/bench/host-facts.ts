// What a figure is worth nothing without: the host that it was measured on.

import { availableParallelism, cpus, loadavg, release } from "node:os";
import type { ResultOf } from "../operations/registry.js";
import { readTotalMemory } from "../platform/host-resources.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";

export interface HostFacts {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly engine: string;
  readonly enginePlatform: string;
  readonly engineVersion: string;
  readonly memoryLimitedBy: string;
  readonly pyroVersion: string;
  readonly nodeVersion: string;
  /** Processes that wanted the processor during the last minute, on average, before anything was measured. */
  readonly loadAverage: number;
}

/** A processor that others use for this share of its time or more gives figures that mean little. */
const BUSY_SHARE = 0.25;

export function readHostFacts({ engine }: Pick<ResultOf<"doctor">, "engine">): HostFacts {
  return {
    cpuModel: tidyCpuModel(cpus()[0]?.model),
    cores: availableParallelism(),
    memoryBytes: readTotalMemory(),
    kernel: release(),
    engine: engine.name,
    enginePlatform: engine.platform ?? "none",
    engineVersion: engine.version ?? "unknown",
    memoryLimitedBy: engine.memory_limit,
    pyroVersion: PACKAGE_VERSION,
    nodeVersion: process.version,
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** Whether something else uses the host. */
export function isBusy({ loadAverage, cores }: Pick<HostFacts, "loadAverage" | "cores">): boolean {
  return loadAverage >= cores * BUSY_SHARE;
}

/** Processor names come with padding and trade marks. */
export function tidyCpuModel(model: string | undefined): string {
  const tidy = (model ?? "")
    .replaceAll(/\((?:R|TM)\)/gi, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return tidy === "" ? "unknown processor" : tidy;
}

/** One fact a line, and a warning where one is due. */
export function formatHostFacts(facts: HostFacts): string[] {
  const lines = [
    `Host: ${facts.cpuModel}, ${facts.cores} cores, ${(facts.memoryBytes / 1024 ** 3).toFixed(1)} GiB, Linux ${facts.kernel}`,
    `Engine: ${facts.engine} on ${facts.enginePlatform}, version ${facts.engineVersion}, memory limited by ${facts.memoryLimitedBy}`,
    `Software: pyro ${facts.pyroVersion}, Node ${facts.nodeVersion}`,
    `Load average at the start: ${facts.loadAverage.toFixed(2)}`,
  ];
  if (isBusy(facts)) lines.push("Warning: this machine is busy; on a quiet one the figures are better.");
  return lines;
}
