// The end of a test file's pyro.

import { expect } from "vitest";
import { findLeftovers, NOTHING } from "./leftovers.js";
import type { TestPyro } from "./test-pyro.js";

/** Stops its daemon, expects that nothing of any guest is left on the host, and removes its directories. */
export async function closePyro(pyro: TestPyro): Promise<void> {
  try {
    await pyro.run(["daemon", "stop", "--force"]);
    expect(await findLeftovers(pyro.settings)).toEqual(NOTHING);
  } finally {
    await pyro[Symbol.asyncDispose]();
  }
}
