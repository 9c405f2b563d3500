// All smokes, in the order of `make smoke-use-cases`.

import { COLD_START_VALIDATION } from "./cold-start-validation.js";
import { DAILY_LOOP } from "./daily-loop.js";
import { PARALLEL_WORKSPACES } from "./parallel-workspaces.js";
import { REPRO_FIX_LOOP } from "./repro-fix-loop.js";
import { REVIEW_EVAL } from "./review-eval.js";
import type { Smoke } from "./smoke.js";
import { UNTRUSTED_INSPECTION } from "./untrusted-inspection.js";

export const SMOKES: readonly Smoke[] = [
  DAILY_LOOP,
  REPRO_FIX_LOOP,
  PARALLEL_WORKSPACES,
  UNTRUSTED_INSPECTION,
  COLD_START_VALIDATION,
  REVIEW_EVAL,
];
