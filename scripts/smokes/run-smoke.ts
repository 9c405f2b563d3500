// Runs one smoke on a stage of its own, and tells what it proved.

import type { Smoke } from "./smoke.js";
import { Stage } from "./stage.js";

/** Whether everything held, that nothing is left included. Each line begins with `[smoke]`. */
export async function runSmoke(
  { name, run }: Smoke,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const say = (text: string) => tell(`[smoke] ${name}: ${text}`);
  const failures: string[] = [];
  const note = (error: unknown): undefined => {
    failures.push(error instanceof Error ? error.message : String(error));
  };
  const stage = await Stage.open(name, say, signal).catch(note);
  if (stage) {
    await run(stage).catch(note);
    await stage.close().catch(note);
  }
  for (const failure of failures) say(`FAILED: ${failure}`);
  if (failures.length === 0) say("passed");
  return failures.length === 0;
}
