// Many guests at once: the time until the last has answered.

import { setMaxListeners } from "node:events";
import { runTrue } from "../one-shot.js";
import { sample, timeMs } from "../sample.js";
import { ScenarioSkipped, type Scenario } from "../scenario.js";

const GUESTS = 20;

export const guestsAtOnce: Scenario = {
  name: "guests-at-once",
  title: `${GUESTS} guests at once, all first execs done`,
  unit: "ms",
  goal: 3_500,
  runs: 3,
  async run(context) {
    const status = await context.client.invoke("daemon_status", {}, { signal: context.signal });
    const room = status.max_active_guests - status.guests.length;
    if (room < GUESTS)
      throw new ScenarioSkipped(`the daemon has room for ${room} guests; PYRO_MAX_ACTIVE_VMS allows more`);
    // Each call listens to the signal; Node takes more than ten for a leak and warns the user.
    setMaxListeners(2 * GUESTS, context.signal);
    return sample(context, () =>
      timeMs(() => Promise.all(Array.from({ length: GUESTS }, () => runTrue(context)))),
    );
  },
};
