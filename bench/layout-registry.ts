// A registry on loopback that serves one image out of a directory in OCI layout: what a pull reads of the distribution
// specification.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import path from "node:path";
import { z } from "zod";

const IndexSchema = z.object({
  manifests: z.tuple([z.object({ digest: z.string(), mediaType: z.string() })]),
});
const DIGEST = /\/(?:manifests|blobs)\/sha256:([0-9a-f]{64})$/;
const TAGGED = /^\/v2\/.+\/manifests\/[^:]+$/;

export interface LayoutRegistry extends AsyncDisposable {
  /** The image, by a tag. */
  readonly reference: string;
}

export async function serveLayout(directory: string): Promise<LayoutRegistry> {
  const index = IndexSchema.parse(JSON.parse(await readFile(path.join(directory, "index.json"), "utf8")));
  const [manifest] = index.manifests;
  const server = createServer(({ method, url = "" }, response) => {
    const digest = TAGGED.test(url) ? manifest.digest : `sha256:${DIGEST.exec(url)?.[1] ?? ""}`;
    const file = path.join(directory, "blobs", digest.replace(":", "/"));
    const mediaType = url.includes("/manifests/") ? manifest.mediaType : "application/octet-stream";
    const headers = { "content-type": mediaType, "docker-content-digest": digest };
    void send(response, url === "/v2/" ? undefined : file, headers, method === "HEAD");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    reference: `127.0.0.1:${port}/bench/image:1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function send(
  response: ServerResponse,
  file: string | undefined,
  headers: Readonly<Record<string, string>>,
  isHead: boolean,
): Promise<void> {
  if (file === undefined) {
    response.writeHead(200).end("{}");
    return;
  }
  const size = await stat(file).then(
    (status) => status.size,
    () => undefined,
  );
  if (size === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { ...headers, "content-length": size });
  if (isHead) response.end();
  else createReadStream(file).pipe(response);
}
