// A program: changes a guest, captures it, starts the next guest on the capture, and so on; prints what each guest
// answers to the same question. Its argument is a JSON document, see RoundsInput.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { formatLayerId } from "../../src/contract/ids.js";
import { DISK_MIB } from "../../src/contract/limits.js";
import { EnvironmentStore } from "../../src/environment/environment-store.js";
import type { Machine, MachineShape } from "../../src/machine/engine.js";
import { freshMachines } from "../../src/machine/fresh-machines.js";
import { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { resolveSettings } from "../../src/platform/settings.js";
import { ensureStateDirectories } from "../../src/platform/state-paths.js";
import { execText } from "./exec-text.js";

const RoundsInput = z.object({
  environment: z.string(),
  /** What the first guest is started on. */
  tar: z.string().optional(),
  /** Scripts: what the first guest does, and what every guest is asked. */
  prepare: z.string(),
  ask: z.string(),
  /** Captures to make. */
  captures: z.number(),
});

export type RoundsInput = z.infer<typeof RoundsInput>;

async function runRounds(input: RoundsInput): Promise<string[]> {
  const settings = resolveSettings();
  const paths = await ensureStateDirectories(settings);
  const engine = new GvisorEngine({ paths, platform: "systrap" });
  const layers = new LayerStore(paths.state);
  const { installed } = await new EnvironmentStore(settings.environmentCacheDir).inspect(input.environment);
  if (!installed) throw new Error(`${input.environment} is not installed`);
  const shape: MachineShape = {
    rootfsDir: installed.rootfsDir,
    vcpuCount: 1,
    memMib: 512,
    diskMib: DISK_MIB,
  };
  const guests = freshMachines(engine);
  const answers: string[] = [];
  const id = formatLayerId(randomBytes(16));
  const layer = input.tar === undefined ? undefined : ({ id, kind: "tar", path: input.tar } as const);
  let machine: Machine = await guests.start({ ...shape, layer });
  try {
    await execText(machine.agent, input.prepare);
    answers.push(await execText(machine.agent, input.ask));
    for (let round = 0; round < input.captures; round++) {
      const layer = await layers.capture(machine, `round ${round}`);
      await machine.remove();
      machine = await guests.start({ ...shape, layer: await layers.open(layer.id) });
      await machine.loaded;
      answers.push(await execText(machine.agent, input.ask));
    }
  } finally {
    await machine.remove();
    await engine.reap(new Set());
  }
  return answers;
}

const answers = await runRounds(RoundsInput.parse(JSON.parse(process.argv[2] ?? "")));
process.stdout.write(JSON.stringify(answers));
