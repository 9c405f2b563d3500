// kill -9 of the daemon in the middle of what the pool does, and what must hold afterwards.

import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { connectClient } from "./connected-client.js";
import { daemonOf, killProcess } from "./daemon.js";
import { expectNothingLeftBut } from "./nothing-left.js";
import { createVm, ENVIRONMENT, runScript } from "./one-shot.js";
import { awaitParked } from "./parked-guests.js";
import { seededRandom } from "./seeded-random.js";
import type { Connected } from "./use-client.js";

export interface CrashRound {
  readonly during: "start" | "park" | "claim";
  /** After the act was begun. */
  readonly delayMs: number;
}

/** When each is under way after its cause, about: on a busy host the kill comes earlier in it. */
const WINDOW_MS = { start: [0, 250], park: [150, 500], claim: [0, 20] } as const;

export function crashRounds(count: number, seed: number): CrashRound[] {
  const random = seededRandom(seed);
  const kinds = ["start", "park", "claim"] as const;
  return Array.from({ length: count }, (_, index) => {
    const during = kinds[index % kinds.length] ?? "start";
    const [fromMs, toMs] = WINDOW_MS[during];
    return { during, delayMs: Math.round(fromMs + random() * (toMs - fromMs)) };
  });
}

/** One round; the daemon that runs afterwards is another. */
export async function crash(connected: Connected, { during, delayMs }: CrashRound): Promise<void> {
  const { client, pyro } = connected;
  // A start finds nothing parked, a claim something, and a park follows a command.
  if (during === "claim") await runScript(client, "true").then(() => awaitParked(client));
  else await client.invoke("env_prune", {});
  if (during === "park") await runScript(client, "true");
  const daemon = await daemonOf(client);
  // Of two guests, one with a record; the calls end with the daemon, and start no other.
  const { vm_id } = await createVm(client);
  const calls =
    during === "park"
      ? []
      : [
          client.invokeIfRunning("vm_start", { vm_id }),
          client.invokeIfRunning("vm_run", { environment: ENVIRONMENT, command: "true" }),
        ];
  const ended = Promise.allSettled(calls);
  await setTimeout(delayMs);
  await killProcess(daemon);
  await ended;

  await connectClient(pyro);
  expect(await runScript(client, "echo well")).toMatchObject({ stdout: "well\n", exit_code: 0 });
  // Its record is whole, and true: what it says to run does run.
  expect(await client.invoke("vm_exec", { vm_id, command: "echo well" })).toMatchObject({ stdout: "well\n" });
  await expectNothingLeftBut(connected, ({ guests, pool }) => [...guests, ...pool.parked]);
}
