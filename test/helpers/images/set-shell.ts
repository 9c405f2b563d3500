// SHELL in the configuration of an image in OCI layout: Docker writes it, the tools of Debian do not.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const Described = z.looseObject({ digest: z.string(), size: z.number() });
const Index = z.looseObject({ manifests: z.tuple([Described]) });
const Manifest = z.looseObject({ config: Described });
const Config = z.looseObject({ config: z.looseObject({}) });

/** `layout` holds one image. */
export async function setShell(layout: string, shell: readonly string[]): Promise<void> {
  const indexFile = path.join(layout, "index.json");
  const index = await readJson(indexFile, Index);
  const [described] = index.manifests;
  const manifest = await readJson(blobFile(layout, described.digest), Manifest);
  const config = await readJson(blobFile(layout, manifest.config.digest), Config);
  config.config = { ...config.config, Shell: shell };
  Object.assign(manifest.config, await writeBlob(layout, config));
  Object.assign(described, await writeBlob(layout, manifest));
  await writeFile(indexFile, JSON.stringify(index));
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  return schema.parse(JSON.parse(await readFile(file, "utf8")));
}

async function writeBlob(layout: string, value: object): Promise<{ digest: string; size: number }> {
  const content = JSON.stringify(value);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  await writeFile(blobFile(layout, digest), content);
  return { digest, size: Buffer.byteLength(content) };
}

function blobFile(layout: string, digest: string): string {
  return path.join(layout, "blobs", digest.replace(":", "/"));
}
