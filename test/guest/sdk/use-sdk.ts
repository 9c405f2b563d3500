// The frame of a test file about the SDK: this process has the environment of a pyro of its own, and at the end
// nothing is left on the host.

import { afterAll, beforeAll, expect, vi } from "vitest";
import { Pyro, PyroError } from "../../../src/index.js";
import { findLeftovers, NOTHING } from "../../helpers/leftovers.js";
import { TestPyro } from "../../helpers/test-pyro.js";

export interface Sdk {
  readonly pyro: Pyro;
  /** The same state, through the command line. */
  readonly cli: TestPyro;
}

/** Call it in a `describe`; the SDK is there while its tests run. */
export function useSdk(): () => Sdk {
  let opened: Sdk | undefined;
  beforeAll(async () => {
    const cli = await TestPyro.create();
    for (const [name, value] of Object.entries(cli.env)) vi.stubEnv(name, value);
    opened = { cli, pyro: new Pyro() };
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    if (!opened) return;
    const { cli } = opened;
    try {
      await cli.run(["daemon", "stop", "--force"]);
      expect(await findLeftovers(cli.settings)).toEqual(NOTHING);
    } finally {
      await cli[Symbol.asyncDispose]();
    }
  });
  return () => {
    if (!opened) throw new Error("the SDK is only there while a test runs");
    return opened;
  };
}

/** How a call was rejected; anything but a PyroError fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<PyroError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof PyroError) return thrown;
  throw new Error(`no PyroError: ${String(thrown)}`);
}
