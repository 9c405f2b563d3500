// Makes the daily loop warm: the environment installed, a guest proved and one parked.

import { readFile } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";
import { MEM_MIB, VCPU_COUNT } from "../contract/limits.js";
import type { EnvironmentStore } from "../environment/environment-store.js";
import type { OnPullProgress } from "../environment/progress.js";
import type { Engine } from "../machine/engine.js";
import type { MachinePool } from "../machine/pool.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import { shapeOf } from "../fleet/guest-registry.js";
import {
  judgeWarmth,
  type Footing,
  type Preparation,
  type PreparationStore,
  type Warmth,
} from "./preparation.js";

export interface PrepareParts {
  readonly environments: EnvironmentStore;
  readonly engine: Engine;
  readonly pool: MachinePool;
  readonly preparations: PreparationStore;
}

export interface PrepareRequest {
  readonly environment: string;
  /** Proves everything again although it is warm. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnPullProgress;
  readonly onStep: (name: string) => void | Promise<void>;
  /** Goes through the daily loop once, in a guest of this origin. */
  readonly prove: (origin: GuestOrigin) => Promise<void>;
  /** The same for a guest's way out; undefined: nobody asked for one. */
  readonly proveNetwork: ((origin: GuestOrigin) => Promise<void>) | undefined;
}

export interface Step {
  readonly name: string;
  readonly durationMs: number;
}

export interface PrepareResult {
  readonly preparation: Preparation;
  /** True: it was warm, and nothing had to be done. */
  readonly reused: boolean;
  readonly steps: readonly Step[];
}

const DEFAULT_SIZE = { vcpuCount: VCPU_COUNT.default, memMib: MEM_MIB.default };

/** Whatever the environment is called by: of an image several spellings mean the same. */
export async function prepare(parts: PrepareParts, request: PrepareRequest): Promise<PrepareResult> {
  const { signal, proveNetwork } = request;
  const { name } = parts.environments.describe(request.environment);
  const former = await parts.preparations.find(name);
  const isWarm = former !== undefined && (await findWarmth(parts, name)).state === "warm";
  if (isWarm && !request.force && (former.network || !proveNetwork)) {
    await primeIfInstalled(parts, name);
    return { preparation: former, reused: true, steps: [] };
  }
  const steps: Step[] = [];
  const step = async <Result>(stepName: string, act: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    await request.onStep(stepName);
    const startedMs = performance.now();
    const result = await act();
    steps.push({ name: stepName, durationMs: Math.round(performance.now() - startedMs) });
    return result;
  };
  const environment = await step("pull", () => parts.environments.pull(name, request));
  const footing = await step("engine", () => requireFooting(parts, name));
  const origin = { source: parts.pool, environment, isIsolated: true };
  await step("proof", () => request.prove(origin));
  if (proveNetwork) await step("network", () => proveNetwork(origin));
  await step("pool", () => parts.pool.prime(shapeOf(environment, DEFAULT_SIZE)));
  const network = proveNetwork !== undefined || (isWarm && former.network);
  const preparation = { ...footing, network, preparedAt: Date.now() / 1000 };
  await parts.preparations.write(preparation);
  return { preparation, reused: false, steps };
}

/** Whether an environment's daily loop is warm. Starts no guest but the engine's own probe. */
export async function findWarmth(parts: PrepareParts, environment: string): Promise<Warmth> {
  const preparation = await parts.preparations.find(environment);
  return judgeWarmth(preparation, preparation && (await findFooting(parts, environment)));
}

/** After the daemon's start: parks a guest of what was prepared last, if that is still warm. */
export async function primeLatest(parts: PrepareParts): Promise<void> {
  const latest = await parts.preparations.findLatest();
  if (!latest || judgeWarmth(latest, await findFooting(parts, latest.environment)).state !== "warm") return;
  await primeIfInstalled(parts, latest.environment);
}

async function primeIfInstalled({ environments, pool }: PrepareParts, name: string): Promise<void> {
  const environment = await environments.find(name);
  if (environment) await pool.prime(shapeOf(environment, DEFAULT_SIZE));
}

async function findFooting(parts: PrepareParts, environment: string): Promise<Footing | undefined> {
  const installed = await parts.environments.find(environment);
  // An engine that cannot even be asked is one that starts no guest.
  const report = await parts.engine.probe().catch(() => undefined);
  if (!installed || !report?.build || !report.platform) return undefined;
  return {
    environment,
    environmentDigest: installed.digest,
    engineDigest: report.build.engine,
    agentDigest: report.build.agent,
    packageVersion: PACKAGE_VERSION,
    hostBootId: (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim(),
  };
}

async function requireFooting(parts: PrepareParts, environment: string): Promise<Footing> {
  const footing = await findFooting(parts, environment);
  if (footing) return footing;
  const { problems } = await parts.engine.probe();
  const problem = problems[0];
  throw new PyroError("engine_unavailable", problem?.message ?? "no guest can start on this host", {
    ...(problem && { hint: problem.hint }),
  });
}
