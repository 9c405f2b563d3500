// One guest's network while the guest lives: connected, watched, and connected anew when its stack is lost.

import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { GUEST_NETWORK } from "../contract/network.js";
import type { Machine, SocketPlace } from "../machine/engine.js";
import { signalProcess, waitForExit, type ProcessIdentity } from "../platform/process-identity.js";
import { findHelper, startHelper, type HelperLabel } from "./helper-process.js";

export interface GuestNetworkParts {
  readonly machine: Machine;
  readonly place: SocketPlace;
  /** The file of every connection; undefined: none is kept. */
  readonly recordFile: string | undefined;
  /** Private ranges that are not forbidden. */
  readonly allow: readonly string[];
  /** Stands for `allow` in the helper's arguments. */
  readonly policy: string;
  readonly ensureProgram: () => Promise<string>;
  /** Told of what fails while nobody waits. */
  readonly onFailure: (error: unknown) => void;
}

const TOKEN_BYTES = 32;
const IPV6 = { addressCidr: "fd87::2/64", gateway: "fd87::1" } as const;
/** A helper leaves as soon as the guest is gone; one that does not is stuck. */
const EXIT_GRACE_MS = 2_000;
/** A guest that ends its helper again and again must not keep the host busy with new ones. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A network that has held this long was sound: the next loss is mended at once. */
const SOUND_AFTER_MS = 60_000;

export class GuestNetwork {
  readonly #parts: GuestNetworkParts;
  readonly #end = new AbortController();
  #helper: ProcessIdentity | undefined;
  #connectedAtMs = -Infinity;
  #pauseMs = 0;

  constructor(parts: GuestNetworkParts) {
    this.#parts = parts;
    void parts.machine.agent.closed.then(() => this.#end.abort());
  }

  /** Gives the guest its network; it has it when this resolves. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.#connect(AbortSignal.any([this.#end.signal, ...(signal ? [signal] : [])]));
    void this.#keep();
  }

  /** Takes over the network that a former daemon has made. Its connections go on, if its policy is still ours. */
  async adopt(): Promise<void> {
    this.#helper = await findHelper(this.#label);
    if (!this.#helper) await this.#connect(this.#end.signal).catch(this.#parts.onFailure);
    void this.#keep();
  }

  /** To be called when the guest is dead: returns when its helper is, too. */
  async close(): Promise<void> {
    this.#end.abort();
    const helper = this.#helper;
    if (!helper || (await waitForExit(helper, EXIT_GRACE_MS))) return;
    await signalProcess(helper, "SIGKILL");
    await waitForExit(helper, EXIT_GRACE_MS);
  }

  get #label(): HelperLabel {
    return { machineId: this.#parts.machine.id, policy: this.#parts.policy };
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { machine, place, recordFile, allow, ensureProgram } = this.#parts;
    const token = randomBytes(TOKEN_BYTES);
    const input = { socket: place.path, token: token.toString("hex"), record: recordFile ?? "", allow };
    const helper = await startHelper(await ensureProgram(), this.#label, input, signal);
    this.#helper = helper.process;
    const attachment = {
      socketName: place.name,
      token,
      addressCidr: `${GUEST_NETWORK.address}/${GUEST_NETWORK.prefixLength}`,
      gateway: GUEST_NETWORK.gateway,
      ipv6: helper.ipv6 ? IPV6 : undefined,
      dnsServers: [GUEST_NETWORK.dnsServer],
      mtu: GUEST_NETWORK.mtu,
    };
    try {
      await machine.agent.network.attach(attachment, signal);
    } catch (error) {
      // Nobody will ever dial it.
      if (helper.process) await signalProcess(helper.process, "SIGKILL");
      throw error;
    }
    this.#connectedAtMs = performance.now();
  }

  /** Until the guest's end. */
  async #keep(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const problem: unknown = await this.#watch(signal).catch((error: unknown) => error);
      // With the guest every watch ends, and the signal follows in a moment. Else the agent has ended it, which it
      // does not by itself: not again and again.
      const isOver = await setTimeout(LONGEST_PAUSE_MS, false, { signal, ref: false }).catch(() => true);
      if (!isOver && problem !== undefined) this.#parts.onFailure(problem);
    }
  }

  /** A connection that is lost, as with a helper that was killed, is made anew. */
  async #watch(signal: AbortSignal): Promise<void> {
    for await (const isAttached of this.#parts.machine.agent.network.watch(signal)) {
      if (!isAttached) await this.#mend(signal);
    }
  }

  async #mend(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#connectedAtMs > SOUND_AFTER_MS) this.#pauseMs = 0;
    for (let isMended = false; !isMended;) {
      await setTimeout(this.#pauseMs, undefined, { signal, ref: false });
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2));
      isMended = await this.#connect(signal).then(
        () => true,
        (error: unknown) => {
          signal.throwIfAborted();
          this.#parts.onFailure(error);
          return false;
        },
      );
    }
  }
}
