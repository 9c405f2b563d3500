// An answer as a stream of server-sent events.

export interface ServerSentEvent {
  readonly event?: string;
  readonly data: unknown;
}

export function formatEvents(events: readonly ServerSentEvent[]): { contentType: string; text: string } {
  const text = events
    .map(({ event, data }) => {
      const name = event === undefined ? "" : `event: ${event}\n`;
      return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
    })
    .join("");
  return { contentType: "text/event-stream", text };
}
