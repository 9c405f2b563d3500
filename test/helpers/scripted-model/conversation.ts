// A conversation between a client and a model, whatever protocol it is spoken in.

/** What the model may call, under the name that the client gives it. */
export interface OfferedTool {
  readonly name: string;
  /** Codex puts the tools of a server into a group. */
  readonly namespace?: string;
  readonly description: string;
}

/** What came of a call, exactly as the model sees it. */
export interface ToolResult {
  /** The name that the model called. */
  readonly tool: string;
  readonly text: string;
}

export interface Conversation {
  readonly tools: readonly OfferedTool[];
  /** How often the model has answered with calls of tools other than `TOOL_SEARCH`. */
  readonly turns: number;
  /** Of all calls so far, in their order. */
  readonly results: readonly ToolResult[];
}

/** What a script answers: calls of tools by the server's own names for them, or the end. */
export type Reply =
  | {
      readonly calls: readonly { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[];
    }
  | { readonly text: string };

/** One answer of the script; `results` are those of the whole conversation. */
export type Step = (conversation: Conversation) => Reply;

/** An answer in the client's names. */
export type WireReply = { readonly calls: readonly WireCall[] } | { readonly text: string };

export interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A protocol in which models are asked. */
export interface Dialect {
  /** Where its requests are posted, at the end of the path. */
  readonly path: string;
  readConversation(body: unknown): Conversation;
  /** The body of the answer, whose id no other has: a stream of server-sent events, or one document where the client wants no stream. */
  formatReply(
    reply: WireReply,
    id: string,
    body: unknown,
  ): { readonly contentType: string; readonly text: string };
}
