// kill -9 of the daemon while it starts, parks or claims a guest. Thirty rounds: test/long.

import { describe, test } from "vitest";
import { crash, crashRounds } from "../helpers/daemon-crash.js";
import { useClient } from "../helpers/use-client.js";

describe("a kill -9 of the daemon leaves at most what the next one owns, and the next command works", () => {
  const connected = useClient({ PYRO_POOL: "1" });

  test.each(crashRounds(3, 4))("during a $during, after $delayMs ms", async (round) => {
    await crash(connected(), round);
  });
});
