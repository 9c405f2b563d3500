// kill -9 of the daemon in every act on a workspace, once; test/long does it many times.

import { describe, test } from "vitest";
import { ACTS, crash } from "../helpers/workspace-crash.js";
import { useClient } from "../helpers/use-client.js";

describe("after a kill -9 of the daemon in the middle of", () => {
  const connected = useClient();

  test.each(ACTS)("%s each workspace is whole or cleanly absent", async (act) => {
    await crash(connected(), { act, delayMs: 25 });
  });
});
