// How much of the daemon's time the drawing of shells takes: one at a time, and never more than a third of it,
// whatever guests print.

import { setTimeout } from "node:timers/promises";
import { Turns } from "../turns.js";

/** After a piece of drawing the daemon does other things for so many times as long. */
const REST_FACTOR = 2;
const SHORT_MS = 1;

const turns = new Turns();

export async function takeDrawingTime<Result>(draw: () => Promise<Result>): Promise<Result> {
  return turns.take(async () => {
    const startedMs = performance.now();
    const result = await draw();
    const takenMs = performance.now() - startedMs;
    if (takenMs > SHORT_MS) await setTimeout(takenMs * REST_FACTOR);
    return result;
  });
}
