// Tells a start that failed for its layer from one that failed for other reasons, by what runsc says.

import { PyroError } from "../../contract/errors.js";
import type { Layer } from "../engine.js";

/** What runsc opens before the sandbox, and what the Sentry does with it: its parts have these words in their errors. */
const LAYER_STEPS = /filesystem checkpoint files|rootfs tar file|mounting root with overlay|SourceTar:/;
/** The same steps fail for these on a host in need. */
const HOST_TROUBLE = /no space left on device|cannot allocate memory|too many open files/;
/** The Sentry prints its mount options, of any length, before the reason. */
const OPTIONS = /^.*\}: /;

/** The failure itself, or `layer_damaged` in its place. */
export function explainByLayer(failure: unknown, layer: Layer | undefined): unknown {
  if (!layer || !(failure instanceof PyroError) || failure.code !== "guest_start_failed") return failure;
  const { message } = failure;
  if (!LAYER_STEPS.test(message) || HOST_TROUBLE.test(message)) return failure;
  const reason = message.replace(OPTIONS, "");
  return new PyroError("layer_damaged", `no guest starts on layer ${layer.id}: ${reason}`, {
    details: { layer_id: layer.id, reason },
    cause: failure,
  });
}
