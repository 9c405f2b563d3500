// A model on loopback that does what a script says: real clients ask it as they would ask their own.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { anthropicMessages } from "./anthropic-messages.js";
import { chatCompletions } from "./chat-completions.js";
import type { Conversation, Dialect, Step, WireReply } from "./conversation.js";
import { openaiResponses } from "./openai-responses.js";
import { plainName, TOOL_SEARCH, toWireReply } from "./tool-names.js";

const DIALECTS = [anthropicMessages, openaiResponses, chatCompletions];

/** How often a client may ask for one step: once, after a search for tools, and after failures. */
const ASKED_MAX = 5;

export interface RecordedRequest {
  readonly path: string;
  readonly body: unknown;
  /** Undefined for what is none of the script's: a client asks for titles and the like, too. */
  readonly conversation: Conversation | undefined;
}

export class ScriptedModel implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #script: readonly Step[];
  #failure: Error | undefined;

  private constructor(script: readonly Step[]) {
    this.#script = script;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** The n-th step gives the model's n-th answer; the last one must end the conversation. */
  static async start(script: readonly Step[]): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    model.#server.listen(0, "127.0.0.1");
    await once(model.#server, "listening");
    return model;
  }

  /** Without a path: clients of Anthropic's add one with its version, those of OpenAI's want it in the base. */
  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the model does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** The conversation as it was when the model was asked last. Throws what a step threw. */
  get conversation(): Conversation {
    if (this.#failure) throw this.#failure;
    const last = this.requests.findLast((request) => request.conversation)?.conversation;
    if (!last) throw new Error("the model was not asked with our tools");
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const dialect = DIALECTS.find((each) => path.endsWith(each.path));
    if (!dialect || request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const body: unknown = await json(request);
    const reply = this.#answer(dialect, path, body);
    const { contentType, text } = dialect.formatReply(reply, `answer-${this.requests.length}`, body);
    response.writeHead(200, { "content-type": contentType }).end(text);
  }

  #answer(dialect: Dialect, path: string, body: unknown): WireReply {
    const conversation = dialect.readConversation(body);
    const isOurs = conversation.tools.some(
      (tool) => plainName(tool) !== undefined || tool.name === TOOL_SEARCH,
    );
    this.requests.push({ path, body, conversation: isOurs ? conversation : undefined });
    if (!isOurs) return { text: "Untitled" };
    try {
      const { turns } = conversation;
      const step = this.#script[turns];
      if (!step) throw new Error(`the script has no step ${turns + 1}`);
      const asked = this.requests.filter((request) => request.conversation?.turns === turns).length;
      if (asked > ASKED_MAX) throw new Error(`the client asks for step ${turns + 1} again and again`);
      return toWireReply(step(conversation), conversation);
    } catch (thrown) {
      // The client is let go; the test hears of it.
      this.#failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      return { text: `The script failed: ${String(thrown)}` };
    }
  }
}
