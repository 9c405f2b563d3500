// Captures whose runsc, or whose daemon, is killed at every moment: the guest lives, and what is there is whole.

import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Machine } from "../../src/machine/engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { signalProcess } from "../../src/platform/process-identity.js";
import { openEngine } from "../helpers/engine-host.js";
import { execText } from "../helpers/exec-text.js";
import { awaitRunsc } from "../helpers/find-runsc.js";
import { buildTestProgram } from "../helpers/test-program.js";
import { useEngine } from "../helpers/use-engine.js";

const ROUNDS = 60;
const FILL = "yes | head -c 60000000 > /root/large; sha256sum /root/large";

const opened = useEngine();

async function expectWhole(machine: Machine, layers: LayerStore, sum: string): Promise<void> {
  expect(await execText(machine.agent, "sha256sum /root/large")).toBe(sum);
  for (const id of await layers.list()) await layers.open(id);
  const [id] = await layers.list();
  if (id !== undefined) {
    const copy = await opened().start(await layers.open(id));
    await copy.loaded;
    expect(await execText(copy.agent, "sha256sum /root/large")).toBe(sum);
    await copy.remove();
  }
}

describe("a guest whose capture is broken off", () => {
  test(`by a kill of runsc after 0 to ${2 * (ROUNDS - 1)} ms`, async () => {
    const { layers, start } = opened();
    const machine = await start();
    const sum = await execText(machine.agent, FILL);
    let broken = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const capture = layers.capture(machine, `round ${round}`).then(
        () => "whole",
        () => "broken",
      );
      const runsc = await awaitRunsc("fscheckpoint", AbortSignal.timeout(10_000)).catch(() => undefined);
      await setTimeout(2 * round);
      if (runsc) await signalProcess(runsc, "SIGKILL");
      if ((await capture) === "broken") broken += 1;
      expect(
        (await readdir(path.dirname((await layers.capture(machine, "next")).path))).join(),
      ).not.toContain("partial");
      if (round % 10 === 0) await expectWhole(machine, layers, sum);
      await layers.collect(() => Promise.resolve(new Set()));
    }
    expect(broken).toBeGreaterThan(0);
  });

  test("by a kill of the daemon at any moment: every layer is whole or not there", async () => {
    const { engine, pyro, start } = opened();
    await using program = await buildTestProgram("helpers/capture-loop-program.ts");
    const first = await start();
    const sum = await execText(first.agent, FILL);
    first.release();
    for (let round = 0; round < ROUNDS; round++) {
      const daemon = pyro.start([first.id], { cli: program.file });
      const closed = once(daemon, "close");
      if (daemon.stdout) await once(daemon.stdout, "data");
      await setTimeout(5 * round);
      daemon.kill("SIGKILL");
      await closed;
      const layers = new LayerStore(pyro.settings.stateDir);
      for (const id of await layers.list()) await layers.open(id);
      if (round % 10 !== 0) continue;
      const adopted = await (await openEngine(pyro)).adopt(first.id);
      if (!adopted) throw new Error("not adopted");
      await expectWhole(adopted, layers, sum);
      adopted.release();
      await layers.collect(() => Promise.resolve(new Set()));
      expect(await readdir(path.join(pyro.settings.stateDir, "layers"))).toEqual([]);
    }
    await engine.reap(new Set());
  });
});
