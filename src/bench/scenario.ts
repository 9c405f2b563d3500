// What a benchmark is: a named scenario that returns what it measured, one value a run.

import type { Client } from "../client/client.js";

export type Unit = "ms" | "KB" | "MB" | "MB/s" | "% of a core";

export interface Scenario<Context extends ScenarioContext = ScenarioContext> {
  /** Lower case with hyphens; `--only` takes it. */
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  /** In the scenario's unit: at most this, or at least for a throughput. Undefined: only watched. */
  readonly goal: number | undefined;
  /** How many runs when the caller names no number. */
  readonly runs: number;
  /** Returns the values without the warm-up. Throws ScenarioSkipped when this host cannot do it. */
  run(context: Context): Promise<number[]>;
}

export interface ScenarioContext {
  readonly client: Client;
  readonly environment: string;
  /** Directory of the environment's install on the host. */
  readonly installDir: string;
  readonly runs: number;
  readonly signal: AbortSignal;
  /** Says what is done now, on a status line. */
  readonly tell: (fields: Readonly<Record<string, string | number>>) => void | Promise<void>;
}

/** The scenario cannot be measured here; the message is a reason for people. */
export class ScenarioSkipped extends Error {
  override readonly name = "ScenarioSkipped";
}

/** Whether more is better. */
export function isThroughput(unit: Unit): boolean {
  return unit === "MB/s";
}
