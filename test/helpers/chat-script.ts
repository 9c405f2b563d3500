// An endpoint of Chat Completions on loopback that answers as a script says, wrongly too.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { chatCompletions } from "./scripted-model/chat-completions.js";
import type { WireReply } from "./scripted-model/conversation.js";

/** A model's answer, or what stands in its place; `silence` never comes. */
export type ScriptedAnswer = WireReply | { readonly status: number; readonly body: string } | "silence";

export class ChatScript {
  /** Bodies of all requests, as they came. */
  readonly requests: unknown[] = [];
  readonly #server: Server;

  private constructor(answers: readonly ScriptedAnswer[]) {
    this.#server = createServer((request, response) => {
      void json(request).then((body) => {
        // The last answer is given again and again.
        const answer = answers[Math.min(this.requests.length, answers.length - 1)] ?? "silence";
        this.requests.push(body);
        if (answer === "silence") return;
        const isRaw = "status" in answer;
        const text = isRaw ? answer.body : chatCompletions.formatReply(answer, "answer", body).text;
        response.writeHead(isRaw ? answer.status : 200, { "content-type": "application/json" }).end(text);
      });
    });
  }

  /** The test's end is its own. */
  static async start(...answers: readonly ScriptedAnswer[]): Promise<ChatScript> {
    const script = new ChatScript(answers);
    script.#server.listen(0, "127.0.0.1");
    await once(script.#server, "listening");
    onTestFinished(() => script.stop());
    return script;
  }

  get baseUrl(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the endpoint does not listen");
    return `http://127.0.0.1:${address.port}/v1`;
  }

  /** Nobody listens afterwards. */
  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** One call of the tool that the model is given. */
export function callOfVmRun(input: Readonly<Record<string, unknown>>): WireReply {
  return { calls: [{ id: "call_1", name: "vm_run", input }] };
}
