// A command in a guest that runs already.

import { createVm, execTrue } from "../one-shot.js";
import { sample, timeMs } from "../sample.js";
import type { Scenario } from "../scenario.js";

export const exec: Scenario = {
  name: "exec",
  title: "exec of /bin/true in a started guest, through the daemon",
  unit: "ms",
  goal: 12,
  runs: 20,
  run: (context) =>
    sample(context, async () => {
      const vmId = await createVm(context);
      await context.client.invoke("vm_start", { vm_id: vmId }, { signal: context.signal });
      return timeMs(() => execTrue(context, vmId));
    }),
};
