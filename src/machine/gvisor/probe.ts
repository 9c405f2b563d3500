// Finds out whether guests start on this host, and on which platform, by starting some.
// The answer is kept until the host boots again or something that it depends on changes.

import { access, constants, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../platform/atomic-file.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { EngineProblem } from "../engine.js";
import { diagnose } from "./diagnose.js";
import type { GvisorHost } from "./host.js";
import { tryGuest } from "./trial-guest.js";

/** Another one for what is tried: an answer about less must not be taken for one about more. */
const TRIAL = "exec capture restart";

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
    TRIAL,
  ].join(" ");
}

async function readCache(file: string): Promise<z.infer<typeof CachedOutcome> | undefined> {
  try {
    return CachedOutcome.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
