// The baseline of a workspace as a layer: its seed's tar, or what was captured from a guest that had just started on it.
//
// A start from a large tar costs time and twice the tar's size in memory; a start from its capture costs neither. So
// the first guest that the pool parks on a seed is captured before anybody uses it.

import { mkdir, readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { isLayerId, type LayerId } from "../contract/ids.js";
import { isSystemError, PyroError } from "../contract/errors.js";
import type { Layer, MachineShape } from "../machine/engine.js";
import type { CapturingMachine, LayerStore } from "../machine/layers/layer-store.js";
import { syncDirectory, writeFileAtomic } from "../platform/atomic-file.js";
import { readNames } from "../platform/read-names.js";
import type { Seed } from "../seed/seed.js";

export interface BaselinesOptions {
  readonly stateDir: string;
  readonly layers: LayerStore;
}

const CaptureSchema = z.object({
  layer: z.custom<LayerId>((value) => typeof value === "string" && isLayerId(value)),
  seed: z.string(),
});

/** A smaller tar starts as fast as its capture. */
const CAPTURE_FROM_BYTES = 2 * 1024 * 1024;

export class Baselines {
  readonly #directory: string;
  readonly #layers: LayerStore;
  /** Seeds by the ids of their layers: what a parked guest was started on. */
  readonly #seeds = new Map<LayerId, Seed>();

  constructor({ stateDir, layers }: BaselinesOptions) {
    this.#directory = path.join(stateDir, "baselines");
    this.#layers = layers;
  }

  /** What a guest of this environment is started on, to have the seed. A seed with deferred files has no tar to start from. */
  async layerOf(seed: Seed, rootfsDir: string): Promise<Layer> {
    const id = layerIdOf(seed);
    this.#seeds.set(id, seed);
    const captured = await this.#findCapture(seed, rootfsDir);
    if (captured) return { ...captured, id };
    return { id, kind: "tar", path: seed.tarPath };
  }

  /** Whether guests are started on a capture, which holds the deferred files as well. */
  async isCaptured(seed: Seed, rootfsDir: string): Promise<boolean> {
    return (await this.#findCapture(seed, rootfsDir)) !== undefined;
  }

  /**
   * Captures a guest that has just started on the seed and that nobody has used. Durable when it returns: nothing else
   * may hold the deferred files.
   */
  async capture(
    seed: Seed,
    rootfsDir: string,
    machine: CapturingMachine,
    signal?: AbortSignal,
  ): Promise<void> {
    const stored = await this.#layers.capture(machine, `baseline ${seed.digest.slice(0, 12)}`, signal);
    using _lease = this.#layers.lease(stored.id);
    const made = await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(path.dirname(made));
    const capture = { layer: stored.id, seed: seed.digest };
    await writeFileAtomic(this.#file(seed, rootfsDir), JSON.stringify(capture));
  }

  /** For the pool: a parked guest on a large seed is captured before it is offered. */
  async onParked({ layer, rootfsDir }: MachineShape, parked: CapturingMachine): Promise<void> {
    const seed = layer?.kind === "tar" ? this.#seeds.get(layer.id) : undefined;
    if (!seed || seed.tarBytes < CAPTURE_FROM_BYTES || !parked.capture) return;
    if (!(await this.isCaptured(seed, rootfsDir))) await this.capture(seed, rootfsDir, parked);
  }

  /** Forgets the captures of seeds that are not in `seeds`; returns the layers of the others. */
  async collect(seeds: ReadonlySet<string>): Promise<LayerId[]> {
    const kept: LayerId[] = [];
    for (const name of await readNames(this.#directory)) {
      const capture = await readCapture(path.join(this.#directory, name));
      if (capture && seeds.has(capture.seed)) kept.push(capture.layer);
      else await rm(path.join(this.#directory, name), { force: true });
    }
    for (const [id, seed] of this.#seeds) if (!seeds.has(seed.digest)) this.#seeds.delete(id);
    return kept;
  }

  async #findCapture(seed: Seed, rootfsDir: string): Promise<Layer | undefined> {
    const capture = await readCapture(this.#file(seed, rootfsDir));
    if (!capture) return undefined;
    try {
      return await this.#layers.open(capture.layer);
    } catch (error) {
      const isDamaged = error instanceof PyroError && error.code === "layer_damaged";
      // The tar still has everything.
      if (isDamaged && !hasDeferredFiles(seed)) return undefined;
      throw error;
    }
  }

  #file(seed: Seed, rootfsDir: string): string {
    const name = createHash("sha256").update(`${seed.digest}\0${rootfsDir}`).digest("hex");
    return path.join(this.#directory, `${name}.json`);
  }
}

export function hasDeferredFiles({ entries }: Seed): boolean {
  return entries.some((entry) => entry.type === "file" && entry.offset === undefined);
}

/** The same for tar and capture, so that a guest parked on the one serves who asks for the other. */
function layerIdOf({ digest }: Seed): LayerId {
  const id = digest.slice(0, 32);
  if (!isLayerId(id)) throw new RangeError(`not a digest: ${digest}`);
  return id;
}

/** Undefined when there is none, or it is damaged. */
async function readCapture(file: string): Promise<z.infer<typeof CaptureSchema> | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return CaptureSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
