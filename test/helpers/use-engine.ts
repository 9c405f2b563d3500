// The frame of a test file about the engine itself: an engine on a state of the file's own, and the layers there; at
// the end of each test nothing of any guest is left.

import { afterAll, afterEach, beforeAll } from "vitest";
import type { Layer, Machine } from "../../src/machine/engine.js";
import type { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { newSpec, openEngine } from "./engine-host.js";
import { expectNothingLeft } from "./nothing-left.js";
import { TestPyro } from "./test-pyro.js";

export interface TestEngine {
  readonly pyro: TestPyro;
  readonly engine: GvisorEngine;
  readonly layers: LayerStore;
  /** A small guest; it is removed after the test. */
  readonly start: (layer?: Layer) => Promise<Machine>;
}

/** Call it in a `describe`, or at the top of a file. */
export function useEngine(): () => TestEngine {
  let opened: TestEngine | undefined;
  const machines: Machine[] = [];
  beforeAll(async () => {
    const pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const engine = await openEngine(pyro);
    const start = async (layer?: Layer) => {
      const machine = await engine.start({ ...(await newSpec(pyro)), layer });
      machines.push(machine);
      return machine;
    };
    opened = { pyro, engine, layers: new LayerStore(pyro.settings.stateDir), start };
  });
  afterEach(async () => {
    await Promise.all(machines.splice(0).map((machine) => machine.remove()));
    if (opened) await expectNothingLeft(opened.pyro);
  });
  afterAll(async () => {
    await opened?.engine.reap(new Set());
    await opened?.pyro[Symbol.asyncDispose]();
  });
  return () => {
    if (!opened) throw new Error("the engine is only there while a test runs");
    return opened;
  };
}
