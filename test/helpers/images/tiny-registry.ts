// A registry of one image of one program, in this process: what a pull reads of the distribution specification.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { runProcess } from "../../../src/platform/processes.js";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface TinyRegistry extends AsyncDisposable {
  /** `localhost:PORT`. */
  readonly host: string;
  /** Requests so far, `METHOD PATH`. */
  readonly requests: readonly string[];
}

/**
 * Serves `tiny/program:1`, in which `/program` is a copy of `program` and `files` are texts by their paths; `config`
 * is the image's.
 */
export async function serveProgram(
  program: string,
  config: object,
  files: Readonly<Record<string, string>> = {},
): Promise<TinyRegistry> {
  const layer = await tarOf(program, files);
  const image = {
    ...{ architecture: "amd64", os: "linux", config },
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
  };
  const contents = [gzipSync(layer), Buffer.from(JSON.stringify(image))] as const;
  const [layerBlob, configBlob] = contents;
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE },
      config: describe(configBlob, CONFIG_TYPE),
      layers: [describe(layerBlob, LAYER_TYPE)],
    }),
  );
  const answers = new Map<string, readonly [type: string, body: Buffer]>([
    ["/v2/", ["application/json", Buffer.from("{}")]],
    ["/v2/tiny/program/manifests/1", [MANIFEST_TYPE, manifest]],
    [`/v2/tiny/program/manifests/${digestOf(manifest)}`, [MANIFEST_TYPE, manifest]],
  ]);
  for (const blob of contents) {
    answers.set(`/v2/tiny/program/blobs/${digestOf(blob)}`, ["application/octet-stream", blob]);
  }
  const requests: string[] = [];
  const server = createServer(({ method = "", url = "" }, response) => {
    requests.push(`${method} ${url}`);
    const answer = answers.get(url);
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    const [type, body] = answer;
    const headers = { "content-type": type, "docker-content-digest": digestOf(body) };
    response.writeHead(200, { ...headers, "content-length": body.length });
    response.end(method === "HEAD" ? undefined : body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { host: `localhost:${port}`, requests, [Symbol.asyncDispose]: close };
}

async function tarOf(program: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-tiny-"));
  try {
    const tree = path.join(directory, "tree");
    await mkdir(tree);
    await copyFile(program, path.join(tree, "program"));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(tree, name)), { recursive: true });
      await writeFile(path.join(tree, name), text);
    }
    const file = path.join(directory, "layer.tar");
    await runProcess(["tar", "-C", tree, "--owner=0", "--group=0", "-cf", file, "."]);
    return await readFile(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function describe(blob: Buffer, mediaType: string) {
  return { mediaType, digest: digestOf(blob), size: blob.length };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
