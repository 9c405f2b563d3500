// Which offer the flags of `mcp serve` name.

import type { ServeMode, ServeOptions, ServeProfile } from "../../contract/serve-options.js";
import { COLD_START } from "./cold-start.js";
import { INSPECT } from "./inspect.js";
import type { Offer } from "./offer.js";
import { REPRO_FIX } from "./repro-fix.js";
import { REVIEW_EVAL } from "./review-eval.js";
import { VM_RUN } from "./vm-run.js";
import { WORKSPACE_CORE } from "./workspace-core.js";
import { WORKSPACE_FULL } from "./workspace-full.js";

const PROFILES: Readonly<Record<ServeProfile, Offer>> = {
  "vm-run": VM_RUN,
  "workspace-core": WORKSPACE_CORE,
  "workspace-full": WORKSPACE_FULL,
};

const MODES: Readonly<Record<ServeMode, Offer>> = {
  "repro-fix": REPRO_FIX,
  inspect: INSPECT,
  "cold-start": COLD_START,
  "review-eval": REVIEW_EVAL,
};

/** Without either flag the profile workspace-core. */
export function findOffer({ profile, mode }: ServeOptions): Offer {
  return mode ? MODES[mode] : PROFILES[profile ?? "workspace-core"];
}
