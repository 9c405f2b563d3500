// A model behind an endpoint that speaks OpenAI's Chat Completions, such as a local Ollama.

import { z } from "zod";
import { isSystemError, PyroError, toPyroError } from "../../contract/errors.js";
import { Completion, type Answer, type ChatMessage, type ChatTool } from "./chat-messages.js";

export interface ChatEndpointOptions {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** For one answer; the first one waits until the model is loaded. */
  readonly timeoutMs: number;
}

/** An endpoint that answers with more is none of ours. */
const ANSWER_MAX_BYTES = 4 * 1024 * 1024;
/** Of what an endpoint says about its failure. */
const REASON_MAX_CHARACTERS = 300;

const Failure = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

export class ChatEndpoint {
  readonly #url: string;
  readonly #options: ChatEndpointOptions;

  /** Throws `invalid_input` when the base URL is none. Nothing is asked yet. */
  constructor(options: ChatEndpointOptions) {
    if (!/^https?:/.test(options.baseUrl) || !URL.canParse(options.baseUrl)) {
      throw new PyroError("invalid_input", `--base-url is no address of HTTP: ${options.baseUrl}`, {
        hint: "Give one such as http://localhost:11434/v1.",
      });
    }
    this.#url = `${options.baseUrl.replace(/\/+$/, "")}/chat/completions`;
    this.#options = options;
  }

  /**
   * The model's next message.
   *
   * @throws PyroError `model_unavailable` when nobody answers or the answer is none of the protocol,
   * `model_not_found`, `timeout`, `cancelled`.
   */
  async ask(messages: readonly ChatMessage[], tool: ChatTool, signal: AbortSignal): Promise<Answer> {
    const { model, timeoutMs } = this.#options;
    const deadline = AbortSignal.timeout(timeoutMs);
    const body = JSON.stringify({ model, messages, tools: [tool], temperature: 0, stream: false });
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.any([signal, deadline]),
      });
      const text = await readText(response);
      if (!response.ok) throw this.#describeStatus(response.status, text);
      return this.#parse(text);
    } catch (thrown) {
      if (thrown instanceof PyroError) throw thrown;
      if (signal.aborted) throw toPyroError(signal.reason);
      throw deadline.aborted ? this.#describeTimeout(thrown) : this.#describeSilence(thrown);
    }
  }

  #parse(text: string): Answer {
    const { content, tool_calls: calls } = this.#readCompletion(text).choices[0]?.message ?? {};
    return { role: "assistant", content: content ?? "", ...(calls?.length && { tool_calls: calls }) };
  }

  #readCompletion(text: string): z.infer<typeof Completion> {
    try {
      return Completion.parse(JSON.parse(text));
    } catch (cause) {
      throw new PyroError("model_unavailable", `the answer of ${this.#url} is none of Chat Completions`, {
        hint: "Give the --base-url of an OpenAI-compatible endpoint; it usually ends in /v1.",
        cause,
      });
    }
  }

  #describeStatus(status: number, text: string): PyroError {
    const { model } = this.#options;
    const reason = readReason(text);
    const said = reason === "" ? "" : `: ${reason}`;
    if (status === 404) {
      return new PyroError("model_not_found", `${this.#url} has no model ${model}${said}`, {
        hint: `Get it with \`ollama pull ${model}\`, or name another with --model; a --base-url usually ends in /v1.`,
      });
    }
    return new PyroError("model_unavailable", `${this.#url} answered with status ${status}${said}`, {
      hint: "See the endpoint's own log, or name another with --base-url.",
    });
  }

  #describeTimeout(cause: unknown): PyroError {
    const seconds = this.#options.timeoutMs / 1000;
    return new PyroError("timeout", `${this.#url} gave no answer within ${seconds} s`, {
      hint: "Try again when the model is loaded, or take a smaller one with --model.",
      cause,
    });
  }

  #describeSilence(thrown: unknown): PyroError {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    const reason = isSystemError(cause, "ECONNREFUSED") ? "connection refused" : toPyroError(cause).message;
    return new PyroError("model_unavailable", `nobody answers at ${this.#url}: ${reason}`, {
      hint: "Start the endpoint, for example with `ollama serve`, or name another with --base-url.",
      cause: thrown,
    });
  }
}

async function readText({ body }: { readonly body: AsyncIterable<Uint8Array> | null }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > ANSWER_MAX_BYTES) throw new Error(`the answer has more than ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What an endpoint says of its failure, in the protocol's form or Ollama's own; else nothing. */
function readReason(text: string): string {
  try {
    const { error } = Failure.parse(JSON.parse(text));
    return (typeof error === "string" ? error : error.message).slice(0, REASON_MAX_CHARACTERS);
  } catch {
    return "";
  }
}
