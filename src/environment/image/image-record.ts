// What an install records of the image that it was made from: `install_manifest.image` in results.

import { z } from "zod";

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** As in the image specification, config.md; absent entries are empty. */
export const ImageConfigSchema = z.object({
  /** NAME=VALUE. */
  env: z.array(z.string()).default([]),
  working_dir: z.string().default(""),
  user: z.string().default(""),
  entrypoint: z.array(z.string()).default([]),
  cmd: z.array(z.string()).default([]),
  shell: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
});

export const ImageRecordSchema = z.object({
  /** As it was asked for. */
  reference: z.string().min(1),
  /** Of the manifest for this platform: the image is pinned by it. */
  digest: Digest,
  layers: z.array(z.object({ digest: Digest, size_bytes: z.number(), media_type: z.string() })),
  config: ImageConfigSchema,
  /** What of the image does not hold here, in whole sentences. */
  notes: z.array(z.string()).default([]),
});

export type ImageConfig = z.infer<typeof ImageConfigSchema>;
export type ImageRecord = z.infer<typeof ImageRecordSchema>;

/** What the image runs when nothing else is asked for; undefined when it names nothing. */
export function findOwnCommand({ config }: ImageRecord): readonly string[] | undefined {
  const command = [...config.entrypoint, ...config.cmd];
  return command.length > 0 ? command : undefined;
}
