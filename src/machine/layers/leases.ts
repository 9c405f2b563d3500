// Who needs which layer right now, though no record may name it.

import type { LayerId } from "../../contract/ids.js";

export class Leases {
  readonly #counts = new Map<string, number>();
  /** For each collection under way: what was leased meanwhile, also when it has been given back. */
  readonly #watches = new Set<Set<string>>();

  take(id: LayerId): Disposable {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    for (const watch of this.#watches) watch.add(id);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#giveBack(id);
        isHeld = false;
      },
    };
  }

  /** All that is leased now and, until the watch is disposed of, what comes to it. */
  watch(): Disposable & { has(id: string): boolean } {
    const seen = new Set(this.#counts.keys());
    this.#watches.add(seen);
    return {
      has: (id) => seen.has(id),
      [Symbol.dispose]: () => void this.#watches.delete(seen),
    };
  }

  #giveBack(id: LayerId): void {
    const count = (this.#counts.get(id) ?? 0) - 1;
    if (count > 0) this.#counts.set(id, count);
    else this.#counts.delete(id);
  }
}
