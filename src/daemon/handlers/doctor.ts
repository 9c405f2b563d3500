// doctor: host readiness, item by item.

import { access, constants } from "node:fs/promises";
import { arch, release } from "node:os";
import type { PyroError } from "../../contract/errors.js";
import { toPyroError } from "../../contract/errors.js";
import { requireTools } from "../../environment/packages-source.js";
import type { EngineProblem, EngineReport } from "../../machine/engine.js";
import { readFreeDisk } from "../../platform/host-resources.js";
import { PACKAGE_VERSION } from "../../platform/package-files.js";
import { readUserNamespaceLimit } from "../../platform/user-namespaces.js";
import { findWarmth } from "../../vm/prepare.js";
import type { Handler } from "../handler.js";
import type { Services } from "../services.js";

const LOW_DISK_BYTES = 2 * 1024 ** 3;

export const doctor: Handler<"doctor"> = async (services, input) => {
  const { settings, environments, engine, networks } = services;
  const report = await probe(services);
  const catalogue = await environments.list();
  const diskFreeBytes = await readFreeDisk(settings.stateDir);
  const noNetwork = await networks.findObstacle();
  const canStart = report.platform !== undefined;
  const kvm = {
    exists: await allows("/dev/kvm", constants.F_OK),
    readable: await allows("/dev/kvm", constants.R_OK),
    writable: await allows("/dev/kvm", constants.W_OK),
    boots_guest: report.kvmBootsGuest,
  };
  return {
    platform: `linux ${arch()}, kernel ${release()}`,
    runtime_ok: canStart,
    issues: [
      ...report.problems,
      // Without an engine the cause is one and the same.
      ...(canStart && noNetwork ? [toIssue(noNetwork)] : []),
      ...findIssues(diskFreeBytes),
      ...(await findPullIssues()),
    ],
    kvm,
    engine: {
      name: engine.name,
      platform: report.platform ?? null,
      version: report.version,
      security_boundary: report.securityBoundary,
      memory_limit: report.memoryLimit,
    },
    networking: {
      // The engine's kernel has a TUN device of its own in every guest; what it needs is its other end.
      tun_available: canStart && !noNetwork,
      user_namespaces: (await readUserNamespaceLimit()) > 0,
      allowed_ranges: [...settings.networkAllow],
    },
    runtime: {
      capabilities: {
        supports_vm_boot: canStart,
        supports_guest_exec: canStart,
        supports_guest_network: canStart && !noNetwork,
        reason: report.problems[0]?.message ?? noNetwork?.message ?? null,
      },
      catalog_version: PACKAGE_VERSION,
      cache_dir: settings.environmentCacheDir,
      state_dir: settings.stateDir,
      disk_free_bytes: diskFreeBytes,
      environments: catalogue.map((entry) => ({
        name: entry.name,
        installed: entry.installed !== undefined,
      })),
      daemon: { running: true, version: PACKAGE_VERSION, pid: process.pid },
    },
    ...(input.environment !== undefined && { daily_loop: await findDailyLoop(services, input.environment) }),
  };
};

async function findDailyLoop(services: Services, name: string) {
  const { name: environment } = services.environments.describe(name);
  return { environment, ...(await findWarmth(services, environment)) };
}

/** An engine whose programs are missing is a finding of doctor's, not a failure of it. */
async function probe({ engine }: Services): Promise<EngineReport> {
  try {
    return await engine.probe();
  } catch (thrown) {
    return {
      name: engine.name,
      platform: undefined,
      version: "unknown",
      securityBoundary: true,
      memoryLimit: "watchdog",
      build: undefined,
      kvmBootsGuest: false,
      problems: [toIssue(toPyroError(thrown))],
    };
  }
}

function toIssue({ code, message, hint }: PyroError): EngineProblem {
  return { code, message, hint };
}

function findIssues(diskFreeBytes: number): EngineProblem[] {
  if (diskFreeBytes >= LOW_DISK_BYTES) return [];
  return [
    {
      code: "low_disk",
      message: "less than 2 GiB of disk space is left for guests",
      hint: "Free some: `pyro env prune` removes unused installs.",
    },
  ];
}

/** What a pull will need: better said now than in the middle of one. */
async function findPullIssues(): Promise<EngineProblem[]> {
  try {
    await requireTools(process.geteuid?.() === 0);
    return [];
  } catch (thrown) {
    const { message, hint } = toPyroError(thrown);
    return [{ code: "pull_unavailable", message: `environments cannot be pulled: ${message}`, hint }];
  }
}

async function allows(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}
