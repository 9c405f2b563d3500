// The private ranges that the user allows guests to reach: `PYRO_NETWORK_ALLOW`.

import { parseAddressRange, rangesOverlap, type AddressRange } from "../contract/address-range.js";
import { PyroError } from "../contract/errors.js";

/** No setting opens these: the host itself, what is only on its links, and no single peer. */
const NEVER_ALLOWED = [
  ["0.0.0.0/8", "this host"],
  ["127.0.0.0/8", "the host's loopback"],
  ["169.254.0.0/16", "link-local and metadata addresses"],
  ["224.0.0.0/3", "multicast and reserved addresses"],
  ["::/128", "this host"],
  ["::1/128", "the host's loopback"],
  ["::ffff:0:0/96", "IPv4 in another form"],
  ["fe80::/10", "link-local addresses"],
  ["ff00::/8", "multicast addresses"],
] as const;

/** Fails with `invalid_input` at the first one that is no range, or that no guest may reach. */
export function parseAllowedRanges(texts: readonly string[]): AddressRange[] {
  return texts.map((text) => {
    const range = parseAddressRange(text);
    if (!range) throw refuse(`${JSON.stringify(text)} is no range of addresses`);
    for (const [forbidden, what] of NEVER_ALLOWED) {
      const other = parseAddressRange(forbidden);
      if (other && rangesOverlap(range, other)) throw refuse(`${text} holds ${forbidden}, ${what}`);
    }
    return range;
  });
}

function refuse(problem: string): PyroError {
  return new PyroError("invalid_input", `PYRO_NETWORK_ALLOW: ${problem}`, {
    hint: "Give private ranges, separated by commas: PYRO_NETWORK_ALLOW=10.1.0.0/16,192.168.7.20",
  });
}
