// `pyro mcp serve` as a process, and a client of it that writes and reads bare lines: it may say what no client says.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { z } from "zod";
import type { TestPyro } from "../../helpers/test-pyro.js";

/** Anything that is no message of JSON-RPC on stdout fails the test that reads it. */
const Message = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({}).optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
export type Message = z.infer<typeof Message>;

const ToolResult = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })).length(1),
  structuredContent: z.record(z.string(), z.unknown()),
  isError: z.boolean().optional(),
});

/** What a tool has answered, in both forms. */
export interface ToolResult {
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

export interface McpOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** In place of the pyro's own variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cli?: string;
}

/** How long a test waits for one message; longer than any call of these tests takes. */
const PATIENCE_MS = 60_000;

export class McpProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly received: Message[] = [];
  stderr = "";
  #nextId = 100;
  readonly #waiters = new Set<() => void>();
  #broken: Error | undefined;

  constructor(pyro: TestPyro, { args = [], cwd = pyro.directory, env = pyro.env, cli }: McpOptions = {}) {
    const [program, ...rest] = pyro.argv(["mcp", "serve", ...args], cli);
    this.child = spawn(program, rest, { cwd, env: { ...env }, detached: true });
    onTestFinished(() => void this.child.kill("SIGKILL"));
    this.child.stdin.on("error", () => undefined);
    this.child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    createInterface({ input: this.child.stdout }).on("line", (line) => this.#take(line));
  }

  /** One line: a message, or whatever a test wants to send. */
  send(line: object | string | Buffer): void {
    const isRaw = typeof line === "string" || Buffer.isBuffer(line);
    this.child.stdin.write(isRaw ? line : JSON.stringify({ jsonrpc: "2.0", ...line }));
    this.child.stdin.write("\n");
  }

  /** The first message received, now or later, that passes. */
  async waitFor(passes: (message: Message) => boolean): Promise<Message> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      if (this.#broken) throw this.#broken;
      const found = this.received.find(passes);
      if (found) return found;
      deadline.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#waiters.add(resolve);
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Sends a request and returns its id. */
  begin(method: string, params: object = {}): number {
    const id = this.#nextId++;
    this.send({ id, method, params });
    return id;
  }

  async request(method: string, params: object = {}): Promise<Message> {
    const id = this.begin(method, params);
    return this.waitFor((message) => message.id === id);
  }

  async initialize(protocolVersion = "2025-11-25", capabilities: object = {}): Promise<Message> {
    const clientInfo = { name: "test", version: "1" };
    const answer = await this.request("initialize", { protocolVersion, capabilities, clientInfo });
    this.send({ method: "notifications/initialized" });
    return answer;
  }

  async call(name: string, input: object = {}): Promise<ToolResult> {
    const id = this.begin("tools/call", { name, arguments: input });
    return this.toolResult(id);
  }

  async toolResult(id: number): Promise<ToolResult> {
    const { result, error } = await this.waitFor((message) => message.id === id);
    if (error) throw new Error(`the call was answered with an error of the protocol: ${error.message}`);
    const { content, structuredContent, isError = false } = ToolResult.parse(result);
    return { text: content[0]?.text ?? "", structured: structuredContent, isError };
  }

  /** Closes stdin, as a client that is done does; the exit status. */
  async end(): Promise<number | null> {
    this.child.stdin.end();
    return this.exited();
  }

  async exited(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
    return this.child.exitCode;
  }

  #take(line: string): void {
    try {
      this.received.push(Message.parse(JSON.parse(line)));
    } catch (error) {
      this.#broken = new Error(`not of the protocol: ${line.slice(0, 200)}`, { cause: error });
    }
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }
}
