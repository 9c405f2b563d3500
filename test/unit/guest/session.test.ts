// A connection to an agent that ends at an awkward moment.

import { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { GuestAgent } from "../../../src/guest/agent.js";
import { playGuest } from "./played-agent.js";

test("one that we close as soon as it is there fails nothing but its calls", async () => {
  // Without a listener of its own, what fails later is an uncaught exception: vitest fails for it.
  const agent = new GuestAgent(new Socket());
  agent.close();
  await agent.closed;
  await setImmediate();
  await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
});

test("one that the guest closes as soon as it is there fails nothing but its calls", async () => {
  const { agent } = await playGuest((guestEnd) => guestEnd.destroy());
  await agent.closed;
  await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
});
