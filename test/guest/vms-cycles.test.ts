// Guests come and go: nothing of them stays. Three hundred: test/long.

import { describe, test } from "vitest";
import { useClient } from "../helpers/use-client.js";
import { expectFlat } from "../helpers/vm-cycles.js";

describe.each(["0", "1"])("with PYRO_POOL=%s", (pool) => {
  const connected = useClient({ PYRO_POOL: pool });

  test("after 12 guests the daemon has as many files, processes and cgroups as before", async () => {
    await expectFlat(connected(), 12, 64);
  });
});
