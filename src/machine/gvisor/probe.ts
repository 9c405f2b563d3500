// Finds out whether guests start on this host, and on which platform, by starting one.
// The answer is kept until the host boots again or something that it depends on changes.

import { access, constants, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { PyroError, toPyroError } from "../../contract/errors.js";
import { writeFileAtomic } from "../../platform/atomic-file.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { EngineProblem } from "../engine.js";
import { newMachineId } from "../fresh-machines.js";
import { GUEST_AGENT_PATH, GUEST_CHANNEL_DIR } from "./bundle.js";
import { diagnose } from "./diagnose.js";
import type { GvisorHost } from "./host.js";
import { startSandbox } from "./start-sandbox.js";

/** A /dev/kvm that opens but cannot run a guest hangs; a good one takes a fraction of a second. */
const PROBE_TIMEOUT_MS: Readonly<Record<GvisorPlatform, number>> = { kvm: 5_000, systrap: 30_000 };
const PROBE_MEM_MIB = 256;

const Outcome = z.object({
  platform: z.enum(["kvm", "systrap"]).optional(),
  kvmBootsGuest: z.boolean(),
  problems: z.array(
    z.object({ code: z.string(), message: z.string(), hint: z.string(), log: z.string().optional() }),
  ),
});

export type ProbeOutcome = z.infer<typeof Outcome>;

const CachedOutcome = z.object({ key: z.string(), outcome: Outcome });

/** Uses the kept answer when it is still good; a failure is never kept. */
export async function probePlatform(
  host: GvisorHost,
  override: GvisorPlatform | undefined,
  signal?: AbortSignal,
): Promise<ProbeOutcome> {
  const file = path.join(host.paths.state, "probe.json");
  const key = await cacheKey(host, override);
  const cached = await readCache(file);
  if (cached?.key === key) return cached.outcome;
  const outcome = await probe(host, override, signal);
  if (outcome.platform) await writeFileAtomic(file, JSON.stringify({ key, outcome }));
  return outcome;
}

async function probe(
  host: GvisorHost,
  override: GvisorPlatform | undefined,
  signal: AbortSignal | undefined,
): Promise<ProbeOutcome> {
  const problems: EngineProblem[] = [];
  for (const platform of override ? [override] : (["kvm", "systrap"] as const)) {
    if (platform === "kvm" && !override && !(await isKvmUsable())) continue;
    const failure = await tryGuest(host, platform, signal);
    if (!failure) return { platform, kvmBootsGuest: platform === "kvm", problems: [] };
    // A broken KVM is no problem as long as systrap works: doctor shows it beside the device itself.
    if (platform !== "kvm" || override) problems.push(await diagnose(failure, platform));
  }
  return { platform: undefined, kvmBootsGuest: false, problems };
}

async function tryGuest(
  host: GvisorHost,
  platform: GvisorPlatform,
  signal: AbortSignal | undefined,
): Promise<PyroError | undefined> {
  const spec = {
    id: newMachineId(),
    rootfsDir: await ensureProbeRootfs(host),
    vcpuCount: 1,
    memMib: PROBE_MEM_MIB,
    diskMib: 64,
  };
  try {
    const timeoutMs = PROBE_TIMEOUT_MS[platform];
    const machine = await startSandbox(host, spec, { platform, timeoutMs, ...(signal && { signal }) });
    try {
      const request = { argv: [GUEST_AGENT_PATH, "--version"], timeoutMs };
      const { exitCode } = await machine.agent.exec(request, () => undefined, signal);
      if (exitCode === 0) return undefined;
      return new PyroError("guest_start_failed", `a command in the trial guest exited with ${exitCode}`);
    } finally {
      await machine.remove();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return toPyroError(error);
  }
}

/** A root file system that holds nothing but mount points: the agent is the only program of the trial guest. */
async function ensureProbeRootfs(host: GvisorHost): Promise<string> {
  const rootfs = path.join(host.paths.state, "probe-rootfs");
  const directories = ["proc", "sys", "dev", "tmp", GUEST_CHANNEL_DIR, path.posix.dirname(GUEST_AGENT_PATH)];
  for (const directory of directories)
    await mkdir(path.join(rootfs, directory), { recursive: true, mode: 0o755 });
  await writeFile(path.join(rootfs, GUEST_AGENT_PATH), "", { mode: 0o755 });
  await writeFile(path.join(rootfs, "tmp", ".keep"), "");
  return rootfs;
}

async function isKvmUsable(): Promise<boolean> {
  return access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function cacheKey(host: GvisorHost, override: GvisorPlatform | undefined): Promise<string> {
  const bootId = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const cgroups = host.cgroups ? `cgroup-v${host.cgroups.version}` : "watchdog";
  return [
    bootId,
    host.build.digest,
    process.geteuid?.(),
    override ?? "any",
    await isKvmUsable(),
    cgroups,
  ].join(" ");
}

async function readCache(file: string): Promise<z.infer<typeof CachedOutcome> | undefined> {
  try {
    return CachedOutcome.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
