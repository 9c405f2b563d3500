// Result fields about environments.

import { z } from "zod";

export const environmentEntry = z.object({
  name: z.string().describe("Such as `debian:12`"),
  version: z.string().describe("Version of the catalogue's entry"),
  description: z.string(),
  default_packages: z.array(z.string()).describe("What is installed beyond the distribution's base"),
  distribution: z.string().describe("Such as `debian`; empty when an image is not installed or does not say"),
  distribution_version: z.string().describe("Such as `12`"),
  platform: z.string().describe("Such as `linux/amd64`"),
  compatibility: z.string().describe("The engines that can run it"),
  installed: z.boolean().describe("Whether it is in the cache"),
  size_bytes: z.number().nullable().describe("Size of the install, bytes; null when not installed"),
  sources: z.array(z.string()).describe("Where it can be installed from, in their order"),
});

const image = z.object({
  reference: z.string().describe("As it was pulled"),
  digest: z.string().describe("Of the image for this platform: the install is pinned by it"),
  layers: z.array(z.object({ digest: z.string(), size_bytes: z.number(), media_type: z.string() })),
  user: z.string().describe("Whom `run` runs commands as; empty: root"),
  working_dir: z.string().describe("Where `run` starts commands; empty: /"),
  command: z.array(z.string()).describe("What it runs by itself: entrypoint and command"),
  env: z.array(z.string()).describe("NAME=VALUE, for every command"),
  labels: z.record(z.string(), z.string()).describe("Such as `org.opencontainers.image.licenses`"),
  notes: z.array(z.string()).describe("What of the image does not hold here"),
});

export const installManifest = z.object({
  source: z.string().describe("Where it was installed from"),
  digest: z.string().describe("Of what was installed"),
  packages: z.array(z.object({ name: z.string(), version: z.string(), architecture: z.string() })),
  installed_at: z.number().describe("Unix time, seconds"),
  size_bytes: z.number().describe("Size of all files, bytes"),
  entry_count: z.number().describe("Files, directories and links"),
  image: image.nullable().describe("The image it was made from; null when it was built from packages"),
});

export const environmentDetails = environmentEntry.extend({
  install_manifest: installManifest.nullable().describe("What is installed; null when nothing is"),
  layers: z.array(z.string()).describe("Digests of its image's layers; none when it was built from packages"),
  cache_dir: z.string().describe("Where environments are installed"),
  install_dir: z.string().nullable().describe("Where this one is; null when not installed"),
});
