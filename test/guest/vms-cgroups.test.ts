// The cgroup above all guests' own: it is there for the next guest as long as the daemon is.

import { access } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findUsableCgroups } from "../../src/machine/gvisor/host-cgroups.js";
import { cgroupPath } from "../../src/machine/gvisor/host.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { runScript } from "../helpers/one-shot.js";
import { useClient } from "../helpers/use-client.js";

const layout = await findUsableCgroups("/pyro-test");

describe.skipIf(!layout)("the guests' common cgroup (needs cgroups that can be used)", () => {
  const connected = useClient();

  // Removed with the last guest, it would be gone for one that starts in the same moment.
  test("outlives the last guest, and goes with the daemon", async () => {
    const { client, pyro } = connected();
    const parent = cgroupPath(resolveStatePaths(pyro.settings), "");
    const directories = (layout?.hierarchies ?? []).map((hierarchy) => path.join(hierarchy, parent));
    const countPresent = async () => {
      const looks = await Promise.allSettled(directories.map((directory) => access(directory)));
      return looks.filter(({ status }) => status === "fulfilled").length;
    };
    await runScript(client, "true");
    const present = await countPresent();
    expect(present).toBeGreaterThan(0);
    await expectNothingLeft(pyro);
    expect(await countPresent()).toBe(present);
    expect((await pyro.run(["daemon", "stop"])).status).toBe(0);
    expect(await countPresent()).toBe(0);
  });
});
