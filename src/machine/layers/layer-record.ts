// `layer.json`: what is known about a captured layer.

import path from "node:path";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { isLayerId, type LayerId } from "../../contract/ids.js";
import { LayerFile } from "./layer-file.js";

export const LAYER_RECORD_NAME = "layer.json";

const LayerRecord = z.object({
  format: z.literal(1),
  id: z.string().refine(isLayerId),
  /** For people: what it is a capture of. */
  label: z.string(),
  /** Unix time, seconds. */
  createdAt: z.number(),
  /** Digest of the engine's programs that wrote it. */
  engineBuild: z.string(),
  files: z.array(LayerFile).min(1),
});

export type LayerRecord = z.infer<typeof LayerRecord>;

/** Throws `layer_damaged` when there is none, it is unreadable, or another layer's. */
export async function readLayerRecord(directory: string, id: LayerId): Promise<LayerRecord> {
  const file = path.join(directory, LAYER_RECORD_NAME);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw layerDamaged(id, isSystemError(error, "ENOENT") ? "it is missing" : String(error), error);
  });
  let record: LayerRecord;
  try {
    record = LayerRecord.parse(JSON.parse(text));
  } catch (error) {
    throw layerDamaged(id, `${LAYER_RECORD_NAME} cannot be read`, error);
  }
  if (record.id !== id) throw layerDamaged(id, `${LAYER_RECORD_NAME} is that of layer ${record.id}`);
  return record;
}

export function layerDamaged(id: LayerId, reason: string, cause?: unknown): PyroError {
  return new PyroError("layer_damaged", `layer ${id} is damaged: ${reason}`, {
    details: { layer_id: id, reason },
    cause,
  });
}
