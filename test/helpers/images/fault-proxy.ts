// A proxy in front of a registry, in this process: it passes everything on, counts it, and does one fault at a time.

import { once } from "node:events";
import {
  createServer,
  request as connect,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

export type Phase = "ping" | "token" | "manifest" | "blob" | "upload";

/** A request, and what came of it. */
export interface Asked {
  readonly phase: Phase;
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  /** Milliseconds of the epoch. */
  readonly atMs: number;
  /** Of the answer's body, so far. */
  sentBytes: number;
}

export interface Passing {
  /** What the answer's body goes through on its way. */
  readonly through?: Transform;
  /** How much longer the answer says that it is. */
  readonly extraBytes?: number;
}

export interface Exchange {
  readonly asked: Asked;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Lets the registry answer. */
  readonly pass: (passing?: Passing) => Promise<void>;
}

export type Fault = (exchange: Exchange) => Promise<void> | void;

/** The token server's address in the header with which a registry asks for a token. */
const REALM = /realm="([^"]+)"/;

export class FaultProxy implements AsyncDisposable {
  /** `localhost:PORT`, as references begin. */
  readonly host: string;
  readonly asked: Asked[] = [];
  /** All that came as `Authorization`. */
  readonly credentials = new Set<string>();
  readonly #target: URL;
  readonly #server;
  #tokenServer = "";
  #fault: Fault | undefined;

  private constructor(target: string, server: ReturnType<typeof createServer>) {
    this.#target = new URL(`http://${target}`);
    this.#server = server;
    const address = server.address();
    this.host = `localhost:${typeof address === "object" && address ? address.port : 0}`;
    server.on("request", (request, response) => void this.#serve(request, response));
  }

  /** `target` is `HOST:PORT`, without TLS. */
  static async start(target: string): Promise<FaultProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(target, server);
  }

  /** From now on; without a fault everything passes. */
  break(fault?: Fault): void {
    this.#fault = fault;
  }

  /** The requests of that phase; reading, unless another method is given. */
  requests(phase: Phase, method = "GET"): readonly Asked[] {
    return this.asked.filter((asked) => asked.phase === phase && asked.method === method);
  }

  /** Forgets what was asked so far. */
  forget(): void {
    this.asked.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const asked: Asked = {
      ...{ phase: phaseOf(url), method, path: url, range: headers.range },
      ...{ atMs: Date.now(), sentBytes: 0 },
    };
    this.asked.push(asked);
    if (headers.authorization !== undefined) this.credentials.add(headers.authorization);
    const pass = async (passing: Passing = {}) => this.#pass(request, response, asked, passing);
    await (this.#fault ? this.#fault({ asked, request, response, pass }) : pass());
  }

  async #pass(
    request: IncomingMessage,
    response: ServerResponse,
    asked: Asked,
    { through, extraBytes = 0 }: Passing,
  ): Promise<void> {
    const target = asked.phase === "token" ? new URL(this.#tokenServer) : this.#target;
    const { hostname, port } = target;
    const { method, headers } = request;
    const forwarded = connect({ hostname, port, method, path: request.url, headers });
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        asked.sentBytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      const answered = answerOf(forwarded);
      // A registry may answer before it has all of an upload.
      const sent = pipeline(request, forwarded).catch(() => undefined);
      const answer = await answered;
      const length = Number(answer.headers["content-length"] ?? NaN) + extraBytes;
      const changed = {
        ...answer.headers,
        ...(Number.isFinite(length) && { "content-length": `${length}` }),
      };
      response.writeHead(answer.statusCode ?? 0, this.#pointHere(changed));
      await pipeline([answer, ...(through ? [through] : []), count, response]);
      await sent;
    } catch {
      // One of the two ends has gone, which the other is to notice.
      response.destroy();
      forwarded.destroy();
    }
  }

  /** Token servers are behind this proxy, too. */
  #pointHere(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const challenge = headers["www-authenticate"];
    const realm = REALM.exec(challenge ?? "")?.[1];
    if (challenge === undefined || !realm?.startsWith("http")) return headers;
    this.#tokenServer = realm;
    return { ...headers, "www-authenticate": challenge.replace(realm, `http://${this.host}/token`) };
  }
}

function phaseOf(url: string): Phase {
  if (url.startsWith("/token")) return "token";
  if (url.includes("/manifests/")) return "manifest";
  if (url.includes("/blobs/uploads/")) return "upload";
  return url.includes("/blobs/") ? "blob" : "ping";
}

async function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
}
