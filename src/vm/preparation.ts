// What `prepare` has proved for an environment, and whether that still holds.

import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { environmentSlug } from "../environment/cache-names.js";
import { replaceFile } from "../platform/atomic-file.js";

const PreparationSchema = z.object({
  environment: z.string(),
  environmentDigest: z.string(),
  engineDigest: z.string(),
  agentDigest: z.string(),
  packageVersion: z.string(),
  /** /proc/sys/kernel/random/boot_id of the host. */
  hostBootId: z.string(),
  network: z.boolean(),
  /** Unix seconds. */
  preparedAt: z.number(),
});

export type Preparation = z.infer<typeof PreparationSchema>;
/** What a preparation rests on. */
export type Footing = Omit<Preparation, "network" | "preparedAt">;

export interface Warmth {
  readonly state: "warm" | "cold" | "stale";
  /** In words; empty when warm. */
  readonly reason: string;
}

const CHANGES: readonly (readonly [keyof Footing, string])[] = [
  ["environmentDigest", "the environment was installed anew"],
  ["engineDigest", "the engine has another build"],
  ["agentDigest", "the agent has another build"],
  ["packageVersion", "the package has another version"],
  ["hostBootId", "the host was started anew"],
];

/** Compares what was proved with what is there now; `footing` is undefined when the environment is not installed. */
export function judgeWarmth(preparation: Preparation | undefined, footing: Footing | undefined): Warmth {
  if (!preparation) return { state: "cold", reason: "it was never prepared" };
  if (!footing) return { state: "cold", reason: "the environment is not installed, or no guest can start" };
  const change = CHANGES.find(([key]) => preparation[key] !== footing[key]);
  return change ? { state: "stale", reason: change[1] } : { state: "warm", reason: "" };
}

/** The preparations of a cache, a file each: `prepared/<slug of the environment>.json`. */
export class PreparationStore {
  readonly #directory: string;

  constructor(cacheDir: string) {
    this.#directory = path.join(cacheDir, "prepared");
  }

  async find(environment: string): Promise<Preparation | undefined> {
    return readPreparation(this.#file(environment));
  }

  /** The one that was made last. */
  async findLatest(): Promise<Preparation | undefined> {
    const names = await readdir(this.#directory).catch(() => []);
    const all = await Promise.all(names.map((name) => readPreparation(path.join(this.#directory, name))));
    return all.filter((each) => each !== undefined).sort((a, b) => b.preparedAt - a.preparedAt)[0];
  }

  async write(preparation: Preparation): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(this.#file(preparation.environment), JSON.stringify(preparation));
  }

  #file(environment: string): string {
    return path.join(this.#directory, `${environmentSlug(environment)}.json`);
  }
}

/** Undefined when there is none, or none that this version can read: what it has proved can be proved again. */
async function readPreparation(file: string): Promise<Preparation | undefined> {
  try {
    return PreparationSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
