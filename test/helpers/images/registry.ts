// The distribution registry of Debian's package `docker-registry`, on loopback. Several share one directory of images.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { makeCertificate } from "./certificate.js";
import { startTokenServer } from "./token-server.js";

export const USER = "pyro";
export const PASSWORD = "correct horse";
/** Of PASSWORD, bcrypt. */
const PASSWORD_HASH = "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";
const START_TRIES = 200;

export interface RegistryOptions {
  /** Where its images are. */
  readonly storage: string;
  readonly tls?: boolean;
  readonly auth?: "basic" | "token";
}

export interface Registry extends AsyncDisposable {
  /** `localhost:PORT`, as references begin. */
  readonly host: string;
  /** The certificate that vouches for it. */
  readonly certificate: string;
}

/** Starts one whose files are in `directory`, which is its own. */
export async function startRegistry(directory: string, options: RegistryOptions): Promise<Registry> {
  await mkdir(directory, { recursive: true });
  const port = await findFreePort();
  const certificate = path.join(directory, "server.crt");
  const key = path.join(directory, "server.key");
  await makeCertificate(certificate, key);
  const passwords = path.join(directory, "htpasswd");
  await writeFile(passwords, `${USER}:${PASSWORD_HASH}\n`);
  await using tokens = options.auth === "token" ? await startTokenServer({ certificate, key }) : undefined;
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: options.storage } },
    http: { addr: `127.0.0.1:${port}`, ...(options.tls && { tls: { certificate, key } }) },
    ...(options.auth === "basic" && { auth: { htpasswd: { realm: "test", path: passwords } } }),
    ...(tokens && {
      auth: { token: { realm: tokens.url, service: "test", issuer: "test", rootcertbundle: certificate } },
    }),
  };
  const configFile = path.join(directory, "config.yml");
  // YAML holds JSON.
  await writeFile(configFile, JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", configFile], { stdio: "ignore" });
  const exited = once(child, "exit");
  const kept = tokens?.keep();
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    await kept?.close();
  };
  await waitForPort(port);
  return { host: `localhost:${port}`, certificate, [Symbol.asyncDispose]: stop };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

/** A registry says nowhere that it listens: so this asks, for ten seconds at most. */
async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < START_TRIES; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isThere) return;
    await setTimeout(50);
  }
  throw new Error(`no registry listens on ${port}`);
}
