// The frame of a test file that calls the daemon: a pyro and a client for the file, and at the end nothing left.

import { afterAll, beforeAll } from "vitest";
import type { Client } from "../../src/client/client.js";
import { closePyro } from "./close-pyro.js";
import { connectClient } from "./connected-client.js";
import { TestPyro } from "./test-pyro.js";

export interface Connected {
  readonly pyro: TestPyro;
  readonly client: Client;
}

/** Call it in a `describe`; both are there while its tests run. `findInside` says what the CLI runs in. */
export function useClient(
  extra: Readonly<Record<string, string>> = {},
  findInside: () => readonly string[] = () => [],
): () => Connected {
  let connected: Connected | undefined;
  let pyro: TestPyro | undefined;
  beforeAll(async () => {
    pyro = await TestPyro.create(extra, undefined, findInside());
    connected = { pyro, client: await connectClient(pyro) };
  });
  afterAll(async () => {
    if (pyro) await closePyro(pyro);
  });
  return () => {
    if (!connected) throw new Error("the client is only there while a test runs");
    return connected;
  };
}
