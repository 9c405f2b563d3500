// Layers of gigabytes: zeros, which compress to a thousandth, and bytes that do not compress and are made while they go.

import { createCipheriv, createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { startLayerTar } from "../layer-tar.js";
import type { Descriptor } from "./push-layers.js";

const PIECE_BYTES = 16 * 1024 * 1024;
/** Two empty blocks, POSIX.1-2017, pax. */
const TAR_END = Buffer.alloc(1024);

/** A layer of one file of zeros, `sizeBytes` long: a multiple of 16 MiB. */
export function zerosLayer(name: string, sizeBytes: number): Buffer {
  const piece = gzipSync(Buffer.alloc(PIECE_BYTES));
  const pieces = Array.from({ length: sizeBytes / PIECE_BYTES }, () => piece);
  // What is compressed in parts is one file, RFC 1952 section 2.2.
  return Buffer.concat([gzipSync(startLayerTar(name, sizeBytes)), ...pieces, gzipSync(TAR_END)]);
}

/** The bytes of a plain layer of one file that looks like noise: the same each time. */
export function noiseLayer(name: string, sizeBytes: number): Readable {
  const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  const zeros = Buffer.alloc(1024 * 1024);
  function* pieces() {
    yield startLayerTar(name, sizeBytes);
    for (let left = sizeBytes; left > 0; left -= zeros.length) yield noise.update(zeros);
    yield TAR_END;
  }
  return Readable.from(pieces());
}

export async function describeNoiseLayer(name: string, sizeBytes: number): Promise<Descriptor> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of noiseLayer(name, sizeBytes)) {
    if (!Buffer.isBuffer(piece)) continue;
    hash.update(piece);
    size += piece.length;
  }
  const mediaType = "application/vnd.oci.image.layer.v1.tar";
  return { mediaType, digest: `sha256:${hash.digest("hex")}`, size };
}
