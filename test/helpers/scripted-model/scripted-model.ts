// A model on loopback that does what a script says: real clients ask it as they would ask their own.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { anthropicMessages } from "./anthropic-messages.js";
import { chatCompletions } from "./chat-completions.js";
import type { Conversation, Dialect, Step, WireReply } from "./conversation.js";
import { openaiResponses } from "./openai-responses.js";
import { concernsServer, toPlainResults, toWireReply } from "./tool-names.js";

const DIALECTS = [anthropicMessages, openaiResponses, chatCompletions];
/** How often a client may ask for one step: once, again after a search for tools, again after failures. */
const ASKED_MAX = 5;

export interface RecordedRequest {
  readonly path: string;
  readonly body: unknown;
  /** Undefined for what the script has nothing to do with: clients ask for titles and the like, too. */
  readonly conversation: Conversation | undefined;
}

export class ScriptedModel implements AsyncDisposable {
  /** Every request, as it came. */
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #script: readonly Step[];
  #failure: Error | undefined;

  private constructor(script: readonly Step[]) {
    this.#script = script;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** The n-th step gives the model's n-th answer; the last one should be a text. */
  static async start(script: readonly Step[]): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    model.#server.listen(0, "127.0.0.1");
    await once(model.#server, "listening");
    return model;
  }

  /** Without a path. Clients of OpenAI's protocols want `/v1` behind it, those of Anthropic's add it themselves. */
  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the model does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** As it was when the model was asked last. Throws what a step threw. */
  get conversation(): Conversation {
    if (this.#failure) throw this.#failure;
    const last = this.requests.findLast((request) => request.conversation)?.conversation;
    if (!last) throw new Error("the model was never asked with our server's tools");
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const dialect = DIALECTS.find((each) => pathname.endsWith(each.path));
    if (!dialect || request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const body = await json(request);
    const reply = this.#answer(dialect, pathname, body);
    const { contentType, text } = dialect.formatReply(reply, `answer-${this.requests.length}`, body);
    response.writeHead(200, { "content-type": contentType }).end(text);
  }

  #answer(dialect: Dialect, path: string, body: unknown): WireReply {
    const asked = dialect.readConversation(body);
    const conversation = { ...asked, results: toPlainResults(asked.results) };
    const isScripted = concernsServer(conversation);
    this.requests.push({ path, body, conversation: isScripted ? conversation : undefined });
    if (!isScripted) return { text: "Untitled" };
    try {
      return toWireReply(this.#findStep(conversation)(conversation), conversation);
    } catch (thrown) {
      // The client is let go; the test hears of it.
      this.#failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      return { text: `The script failed: ${this.#failure.message}` };
    }
  }

  #findStep({ turns }: Conversation): Step {
    const asked = this.requests.filter((request) => request.conversation?.turns === turns).length;
    if (asked > ASKED_MAX) throw new Error(`the client asks for step ${turns + 1} again and again`);
    const step = this.#script[turns];
    if (!step) throw new Error(`the script has no step ${turns + 1}`);
    return step;
  }
}
