// A program: takes over a guest and captures it again and again, until it is killed. Its argument is the guest's id.

import { isMachineId } from "../../src/contract/ids.js";
import { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { LayerStore } from "../../src/machine/layers/layer-store.js";
import { resolveSettings } from "../../src/platform/settings.js";
import { ensureStateDirectories } from "../../src/platform/state-paths.js";

const id = process.argv[2] ?? "";
if (!isMachineId(id)) throw new Error(`not an id: ${id}`);
const paths = await ensureStateDirectories(resolveSettings());
const machine = await new GvisorEngine({ paths, platform: "systrap" }).adopt(id);
if (!machine) throw new Error("not adopted");
const layers = new LayerStore(paths.state);
for (;;) {
  // Told first: the moment of the kill counts from here.
  process.stdout.write("capturing\n");
  await layers.capture(machine, "again");
}
