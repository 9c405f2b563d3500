// What a coding agent is to the server: an MCP client on stdio that calls tools and reads their results.

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { z } from "zod";
import { SCHEMAS, type InputOf, type OperationId, type ResultOf } from "../../src/operations/registry.js";

/** A call may install an environment first. */
const CALL_TIMEOUT_MS = 600_000;

const Failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export interface ServerStart {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

export class Agent {
  /** Names of the tools that the server offers. */
  readonly tools: readonly string[];
  readonly #client: Client;
  readonly #signal: AbortSignal;

  private constructor(client: Client, tools: readonly string[], signal: AbortSignal) {
    this.#client = client;
    this.tools = tools;
    this.#signal = signal;
  }

  static async connect({ argv, env, cwd, signal }: ServerStart): Promise<Agent> {
    const client = new Client({ name: "smoke", version: "1" });
    const [command, ...args] = argv;
    await client.connect(new StdioClientTransport({ command, args, env: { ...env }, cwd }));
    try {
      // From here on the client holds every result to the tool's output schema.
      const { tools } = await client.listTools();
      return new Agent(
        client,
        tools.map(({ name }) => name),
        signal,
      );
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** A call that must succeed. */
  async call<Id extends OperationId>(id: Id, input: InputOf<Id>): Promise<ResultOf<Id>> {
    const { isError, structuredContent } = await this.#call(id, { ...input });
    if (isError) {
      const { error } = Failure.parse(structuredContent);
      throw new Error(`${id} failed with ${error.code}: ${error.message}`);
    }
    return SCHEMAS[id].output.parse(structuredContent);
  }

  /** The code of a call that must fail. */
  async callInVain(name: string, input: Record<string, unknown>): Promise<string> {
    const { isError, structuredContent } = await this.#call(name, input);
    if (!isError) throw new Error(`${name} succeeded, and must not`);
    return Failure.parse(structuredContent).error.code;
  }

  async ping(): Promise<void> {
    await this.#client.ping({ signal: this.#signal });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #call(name: string, input: Record<string, unknown>) {
    const options = { signal: this.#signal, timeout: CALL_TIMEOUT_MS };
    return this.#client.callTool({ name, arguments: input }, options);
  }
}
