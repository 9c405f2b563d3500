// A guest's secrets, as its agent is told them.

import type { Client } from "@connectrpc/connect";
import type { SecretsService } from "./gen/agent/v1/secrets_pb.js";

/** How a text is read before it is compared with a pattern, proto/agent/v1/secrets.proto. */
export type PatternView = "plain" | "url" | "base64";

/** What must not be seen, and the name of the secret that is shown in its place. */
export interface RedactionPattern {
  readonly secret: string;
  readonly view: PatternView;
  /** Symbols of the view, one byte each. */
  readonly symbols: Buffer;
}

export interface GuestSecrets {
  readonly secrets: readonly { readonly name: string; readonly value: Buffer }[];
  readonly patterns: readonly RedactionPattern[];
}

export async function putSecretsInGuest(
  client: Client<typeof SecretsService>,
  { secrets, patterns }: GuestSecrets,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<void> {
  const request = {
    secrets: secrets.map(({ name, value }) => ({ name, value: Uint8Array.from(value) })),
    patterns: patterns.map(({ secret, view, symbols }) => ({
      secret,
      symbols: { case: view, value: Uint8Array.from(symbols) },
    })),
  };
  await client.putSecrets(request, options);
}
