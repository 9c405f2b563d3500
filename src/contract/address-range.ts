// Ranges of IP addresses, as `10.1.0.0/16` or a single address.

import { BlockList, isIP } from "node:net";

export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  readonly prefixLength: number;
}

const ADDRESS_BITS = { ipv4: 32, ipv6: 128 } as const;

/** Undefined: it is no range. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = "", prefix] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? "ipv4" : "ipv6";
  const prefixLength = prefix === undefined ? ADDRESS_BITS[family] : Number(prefix);
  return prefixLength <= ADDRESS_BITS[family] ? { family, address, prefixLength } : undefined;
}

export function formatAddressRange({ address, prefixLength }: AddressRange): string {
  return `${address}/${prefixLength}`;
}

/** Whether some address is in both. */
export function rangesOverlap(left: AddressRange, right: AddressRange): boolean {
  if (left.family !== right.family) return false;
  return holds(left, right.address) || holds(right, left.address);
}

function holds({ family, address, prefixLength }: AddressRange, other: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, prefixLength, family);
  return list.check(other, family);
}
