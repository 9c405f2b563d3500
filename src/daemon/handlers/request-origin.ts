// From an input to where its guest comes from.

import { resolveGuestOrigin, type GuestOrigin } from "../../fleet/guest-origin.js";
import type { CallContext } from "../handler.js";
import type { Services } from "../services.js";
import { tellPull } from "./environments.js";

export interface OriginInput {
  readonly environment: string;
  readonly allow_host_compat: boolean;
}

export function requestOrigin(
  services: Services,
  { environment, allow_host_compat: allowHostCompat }: OriginInput,
  { signal, onEvent }: Pick<CallContext, "signal" | "onEvent">,
): Promise<GuestOrigin> {
  const onProgress = tellPull(onEvent, environment);
  return resolveGuestOrigin(services, { environment, allowHostCompat, signal, onProgress });
}
