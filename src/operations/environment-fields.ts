// Result fields about environments.

import { z } from "zod";

export const environmentEntry = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  default_packages: z.array(z.string()),
  distribution: z.string(),
  distribution_version: z.string(),
  platform: z.string(),
  compatibility: z.string(),
  installed: z.boolean(),
  size_bytes: z.number().nullable().describe("Size of the install; null when not installed"),
  sources: z.array(z.string()),
});

export const installManifest = z.object({
  source: z.string(),
  digest: z.string(),
  packages: z.array(z.object({ name: z.string(), version: z.string(), architecture: z.string() })),
  installed_at: z.number(),
  size_bytes: z.number(),
  entry_count: z.number(),
});

export const environmentDetails = environmentEntry.extend({
  install_manifest: installManifest.nullable(),
  layers: z.array(z.string()),
  cache_dir: z.string(),
  install_dir: z.string().nullable(),
});
