// Commands on the host, as far as layers go: there are none.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatLayerId } from "../../src/contract/ids.js";
import { newMachineId } from "../../src/machine/fresh-machines.js";
import { HostCompatEngine } from "../../src/machine/host-compat/host-compat-engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { ensureStateDirectories } from "../../src/platform/state-paths.js";
import { execText } from "../helpers/exec-text.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { TestPyro } from "../helpers/test-pyro.js";

const MIB = 1024 * 1024;
const SHAPE = { rootfsDir: "/", vcpuCount: 1, memMib: 256, diskMib: 64 };

let pyro: TestPyro;
beforeAll(async () => {
  pyro = await TestPyro.create();
});
afterAll(() => pyro[Symbol.asyncDispose]());

test("they start on no layer, have none to load, cannot be captured, and cost the disk that they fill", async () => {
  const engine = new HostCompatEngine(await ensureStateDirectories(pyro.settings));
  const layer = { id: formatLayerId(randomBytes(16)), kind: "capture", path: "/layer" } as const;
  await expect(engine.start({ ...SHAPE, id: newMachineId(), layer })).rejects.toMatchObject({
    code: "not_yet_available",
  });
  const machine = await engine.start({ ...SHAPE, id: newMachineId() });
  await machine.loaded;
  await expect(new LayerStore(pyro.settings.stateDir).capture(machine, "x")).rejects.toMatchObject({
    code: "not_yet_available",
  });
  const before = await machine.diskBytes();
  await execText(machine.agent, `head -c ${3 * MIB} /dev/urandom > file`);
  expect(await machine.diskBytes()).toBeGreaterThanOrEqual(before + 3 * MIB);
  await machine.remove();
  expect(await machine.diskBytes()).toBe(0);
  await expectDaemonLeftNothing(pyro);
});
