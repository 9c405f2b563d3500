// The frame of a test file about the SDK: this process has the environment of a pyro of its own, and at the end
// nothing is left on the host.

import { afterAll, beforeAll, vi } from "vitest";
import { Pyro } from "../../../src/index.js";
import { closePyro } from "../../helpers/close-pyro.js";
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
    if (opened) await closePyro(opened.cli);
  });
  return () => {
    if (!opened) throw new Error("the SDK is only there while a test runs");
    return opened;
  };
}
