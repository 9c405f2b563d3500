// A token server as the distribution registry wants it: distribution.github.io, "Token Authentication Specification".

import { createSign, randomUUID, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { PASSWORD, USER } from "./registry.js";

export interface TokenServer extends AsyncDisposable {
  readonly url: string;
  /** From now on whoever asked for this closes it. */
  keep(): { close(): Promise<void> };
}

interface KeyFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Gives a token for whatever is asked to who knows the password. */
export async function startTokenServer(files: KeyFiles): Promise<TokenServer> {
  const certificate = new X509Certificate(await readFile(files.certificate));
  const key = await readFile(files.key, "utf8");
  const server = createServer((request, response) => {
    const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (request.headers.authorization !== expected) {
      response.writeHead(401).end();
      return;
    }
    const scope = new URL(request.url ?? "", "http://localhost").searchParams.get("scope") ?? "";
    response.end(JSON.stringify({ token: signToken(certificate, key, scope), expires_in: 300 }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  let isKept = false;
  const close = async () => closeServer(server);
  return {
    url: `http://localhost:${port}/token`,
    keep: () => {
      isKept = true;
      return { close };
    },
    [Symbol.asyncDispose]: async () => (isKept ? undefined : close()),
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

function signToken(certificate: X509Certificate, key: string, scope: string): string {
  const [type = "", name = "", actions = ""] = scope.split(":");
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "RS256", x5c: [certificate.raw.toString("base64")] };
  const claims = {
    ...{ iss: "test", sub: USER, aud: "test", jti: randomUUID() },
    ...{ iat: now - 10, nbf: now - 10, exp: now + 300 },
    access: name === "" ? [] : [{ type, name, actions: actions.split(",") }],
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}
