// Images made by hand and put into a real registry, by the distribution specification: of any layers, for any platform.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { buildLayerTar, type TarEntry } from "../layer-tar.js";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface PushedImage {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A layer of these entries, as registries have it. */
export function gzipLayer(entries: readonly TarEntry[]): Buffer {
  return gzipSync(buildLayerTar(entries), { level: 1 });
}

/** Pushes an image to `host`, as `repository:tag`; layers may be any bytes. */
export async function pushLayers(
  host: string,
  [repository, tag]: readonly [repository: string, tag: string],
  layers: readonly Buffer[],
  platform = { os: "linux", architecture: "amd64" },
): Promise<PushedImage> {
  const blobs = layers.map((layer) => describeBlob(layer, LAYER_TYPE));
  const config = makeConfig(blobs, platform);
  for (const content of [...layers, config]) await pushBlob(host, repository, content);
  const described = describeBlob(config, CONFIG_TYPE);
  const manifest = makeManifest(described, blobs);
  await pushManifest(host, repository, tag, MANIFEST_TYPE, manifest);
  return { manifest: describeBlob(manifest, MANIFEST_TYPE), config: described, layers: blobs };
}

/** An index that names one image, for another platform. */
export async function pushIndex(
  host: string,
  [repository, tag]: readonly [repository: string, tag: string],
  manifest: Descriptor,
  platform: { readonly os: string; readonly architecture: string },
): Promise<void> {
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [{ ...manifest, platform }] };
  await pushManifest(host, repository, tag, INDEX_TYPE, Buffer.from(JSON.stringify(index)));
}

/** The configuration of an image of these layers. What they hold when they are not compressed is nobody's concern. */
export function makeConfig(
  layers: readonly Descriptor[],
  platform = { os: "linux", architecture: "amd64" },
): Buffer {
  const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
  return Buffer.from(JSON.stringify({ ...platform, config: { Cmd: ["/program"] }, rootfs }));
}

export function makeManifest(config: Descriptor, layers: readonly Descriptor[]): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers }));
}

export function describeBlob(content: Buffer, mediaType: string): Descriptor {
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  return { mediaType, digest, size: content.length };
}

export async function pushBlob(host: string, repository: string, content: Buffer): Promise<void> {
  const begun = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const target = new URL(begun.headers.get("location") ?? "", `http://${host}`);
  target.searchParams.set("digest", describeBlob(content, "").digest);
  const headers = { "content-type": "application/octet-stream" };
  const done = await fetch(target, { method: "PUT", headers, body: new Uint8Array(content) });
  if (done.status !== 201) throw new Error(`the registry does not take a blob: ${done.status}`);
}

async function pushManifest(
  host: string,
  repository: string,
  tag: string,
  type: string,
  manifest: Buffer,
): Promise<void> {
  const target = `http://${host}/v2/${repository}/manifests/${tag}`;
  const headers = { "content-type": type };
  const done = await fetch(target, { method: "PUT", headers, body: new Uint8Array(manifest) });
  if (done.status !== 201) throw new Error(`the registry does not take a manifest: ${await done.text()}`);
}
