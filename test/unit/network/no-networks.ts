// For guests that never ask for a network.

import type { GuestRegistryOptions } from "../../../src/fleet/guest-registry.js";

const refuse = () => Promise.reject(new Error("no network was to be asked for"));

export const NO_NETWORKS: GuestRegistryOptions["networks"] = { open: refuse, adopt: refuse };
