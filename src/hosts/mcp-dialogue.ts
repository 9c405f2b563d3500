// The client's side of a short talk with an MCP server on stdio: initialize, list the tools, say goodbye.

import { PassThrough, Writable } from "node:stream";
import { z } from "zod";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import { OutputTail } from "../platform/output-tail.js";
import { parseJson } from "./parse-json.js";

const PROTOCOL_VERSION = "2025-11-25";
/** Bytes of one message of the server's. */
const LINE_MAX_BYTES = 16 * 1024 * 1024;
/** Characters of a line that is no protocol, in the problem that it is. */
const SHOWN_MAX = 200;

const Initialized = z.object({ serverInfo: z.object({ name: z.string(), version: z.string() }) });
const Tools = z.object({ tools: z.array(z.object({ name: z.string() })), nextCursor: z.string().optional() });
const Answer = z.object({
  // A request of the server's own may have the same id.
  method: z.never().optional(),
  id: z.literal([1, 2]),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

export class McpDialogue {
  readonly toServer = new PassThrough();
  readonly fromServer: Writable;
  readonly toolNames: string[] = [];
  server: z.infer<typeof Initialized>["serverInfo"] | undefined;
  /** When the talk was over, by `performance.now()`; undefined when it never was. */
  endedMs: number | undefined;
  /** What the server did wrong. */
  problem: string | undefined;

  constructor() {
    const lines = new OutputTail(LINE_MAX_BYTES, (line) => this.#take(line));
    this.fromServer = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk);
        done();
      },
    });
    const clientInfo = { name: "pyro-host-doctor", version: PACKAGE_VERSION };
    const params = { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo };
    this.#send({ id: 1, method: "initialize", params });
  }

  #send(message: object): void {
    this.toServer.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #take(line: string): void {
    if (this.endedMs !== undefined) return;
    const message = parseJson(line);
    if (message === undefined) this.#end(`it printed what is no protocol: ${line.slice(0, SHOWN_MAX)}`);
    const answer = Answer.safeParse(message).data;
    // Requests and notifications of the server's need no answer in so short a talk.
    if (answer) this.#takeAnswer(answer);
  }

  #takeAnswer({ id, result, error }: z.infer<typeof Answer>): void {
    if (error) this.#end(`it answered with an error: ${error.message}`);
    else if (id === 1) this.#takeInitialized(Initialized.safeParse(result).data);
    else this.#takeTools(Tools.safeParse(result).data);
  }

  #takeInitialized(result: z.infer<typeof Initialized> | undefined): void {
    if (!result) {
      this.#end("its answer to initialize is not of the protocol");
      return;
    }
    this.server = result.serverInfo;
    this.#send({ method: "notifications/initialized" });
    this.#send({ id: 2, method: "tools/list", params: {} });
  }

  #takeTools(result: z.infer<typeof Tools> | undefined): void {
    if (!result) {
      this.#end("its answer to tools/list is not of the protocol");
      return;
    }
    this.toolNames.push(...result.tools.map(({ name }) => name));
    const { nextCursor: cursor } = result;
    if (cursor === undefined) this.#end();
    else this.#send({ id: 2, method: "tools/list", params: { cursor } });
  }

  /** The end of its stdin is how a server is told to leave. */
  #end(problem?: string): void {
    this.endedMs = performance.now();
    this.problem = problem;
    this.toServer.end();
  }
}
