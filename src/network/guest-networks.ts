// Gives guests their networks: what all of them on this host have in common.

import { createHash } from "node:crypto";
import { formatAddressRange, type AddressRange } from "../contract/address-range.js";
import { PyroError } from "../contract/errors.js";
import type { Machine } from "../machine/engine.js";
import { GuestNetwork } from "./guest-network.js";
import { ensureHelperProgram } from "./helper-program.js";

/** What one guest's network needs to know. */
export interface NetworkRequest {
  /** The file that every connection is written to; undefined: none is kept. */
  readonly recordFile: string | undefined;
}

export interface GuestNetworksOptions {
  readonly stateDir: string;
  /** Private ranges that guests may reach. */
  readonly allow: readonly AddressRange[];
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
}

const POLICY_DIGITS = 16;

export class GuestNetworks {
  readonly #options: GuestNetworksOptions;
  readonly #allow: readonly string[];
  readonly #policy: string;
  #program: Promise<string> | undefined;

  constructor(options: GuestNetworksOptions) {
    this.#options = options;
    this.#allow = options.allow.map(formatAddressRange);
    this.#policy = createHash("sha256").update(this.#allow.join("\n")).digest("hex").slice(0, POLICY_DIGITS);
  }

  /** Gives a guest that has just started its network. */
  async open(machine: Machine, request: NetworkRequest, signal?: AbortSignal): Promise<GuestNetwork> {
    const network = this.#make(machine, request);
    await network.open(signal);
    return network;
  }

  /** Takes over the network of a guest that a former daemon has left. */
  async adopt(machine: Machine, request: NetworkRequest): Promise<GuestNetwork> {
    const network = this.#make(machine, request);
    await network.adopt();
    return network;
  }

  /** Why guests cannot have a network here; undefined when they can. */
  async findObstacle(): Promise<PyroError | undefined> {
    return this.#ensureProgram().then(
      () => undefined,
      (error: unknown) =>
        error instanceof PyroError ? error : new PyroError("network_unavailable", String(error)),
    );
  }

  #make(machine: Machine, { recordFile }: NetworkRequest): GuestNetwork {
    const { networkSocket: place } = machine;
    if (!place) throw refuseOnHost();
    return new GuestNetwork({
      machine,
      place,
      recordFile,
      allow: this.#allow,
      policy: this.#policy,
      ensureProgram: () => this.#ensureProgram(),
      onFailure: this.#options.onFailure,
    });
  }

  #ensureProgram(): Promise<string> {
    this.#program ??= ensureHelperProgram(this.#options.stateDir).catch((error: unknown) => {
      this.#program = undefined;
      throw error;
    });
    return this.#program;
  }
}

/** What runs on the host has the host's network, whatever was asked for: no policy would hold there. */
export function refuseOnHost(): PyroError {
  return new PyroError("network_unavailable", "a command on the host has no network of its own", {
    hint: "Ask for no network, or see `pyro doctor` for why no guest starts.",
  });
}
