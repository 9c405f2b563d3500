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
  readonly tool: string;
  readonly text: string;
}

export interface Conversation {
  readonly tools: readonly OfferedTool[];
  /** How often the model has answered with calls, searches for tools aside. */
  readonly turns: number;
  /** Of all calls so far, in their order. Steps see those of our server's tools, by the server's own names. */
  readonly results: readonly ToolResult[];
}

/** What a script answers: calls of tools by the server's own names for them, or the end. */
export type Reply = { readonly calls: readonly ScriptedCall[] } | { readonly text: string };

export interface ScriptedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One answer of the script. It may be asked for more than once, and has to answer the same. */
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
  /** The answer as a stream, or as one document where the client wants no stream. No two answers share an id. */
  formatReply(
    reply: WireReply,
    id: string,
    body: unknown,
  ): { readonly contentType: string; readonly text: string };
}
