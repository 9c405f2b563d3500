// What `pyro bench` measures, in this order: pool-miss leaves guests of odd sizes parked, which the next ones replace.

import type { Scenario } from "../scenario.js";
import { exec } from "./exec.js";
import { guestsAtOnce } from "./guests-at-once.js";
import { idleAvailable } from "./idle-available.js";
import { idleCpu } from "./idle-cpu.js";
import { idleMemory } from "./idle-memory.js";
import { poolHit } from "./pool-hit.js";
import { poolMiss } from "./pool-miss.js";

export const USER_SCENARIOS: readonly Scenario[] = [
  poolMiss,
  poolHit,
  exec,
  guestsAtOnce,
  idleMemory,
  idleAvailable,
  idleCpu,
];
