import { expect, test } from "vitest";
import { formatAddressRange, parseAddressRange, rangesOverlap } from "../../../src/contract/address-range.js";

test.each([
  ["10.1.0.0/16", "10.1.0.0/16"],
  ["192.168.7.20", "192.168.7.20/32"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["fd00:1::/32", "fd00:1::/32"],
  ["fd00::1", "fd00::1/128"],
])("%s is a range", (text, range) => {
  const parsed = parseAddressRange(text);
  expect(parsed && formatAddressRange(parsed)).toBe(range);
});

test.each([
  "",
  "10.1.0.0/33",
  "fd00::/129",
  "10.1.0",
  "example.com",
  "10.1.0.0/",
  "10.1.0.0/-1",
  "10.1.0.0 /8",
  "/8",
])("%j is none", (text) => expect(parseAddressRange(text)).toBeUndefined());

test.each([
  ["10.0.0.0/8", "10.1.2.3", true],
  ["10.1.2.3", "10.0.0.0/8", true],
  ["10.0.0.0/8", "11.0.0.0/8", false],
  ["0.0.0.0/0", "127.0.0.0/8", true],
  ["10.1.2.3/8", "10.200.0.0/16", true],
  ["fd00::/8", "fd12::/16", true],
  ["fd00::/8", "10.0.0.0/8", false],
])("whether %s and %s have an address in common: %s", (left, right, expected) => {
  const [one, other] = [parseAddressRange(left), parseAddressRange(right)];
  expect(one && other && rangesOverlap(one, other)).toBe(expected);
});
