import { expect, test } from "vitest";
import { parseAllowedRanges } from "../../../src/network/allowed-ranges.js";

test("private ranges are taken", () => {
  const ranges = parseAllowedRanges(["10.1.0.0/16", "192.168.7.20", "fd00:1::/32"]);
  expect(ranges.map(({ prefixLength }) => prefixLength)).toEqual([16, 32, 32]);
  expect(parseAllowedRanges([])).toEqual([]);
});

test.each([
  ["10.0.0/8", '"10.0.0/8" is no range of addresses'],
  ["intranet.example", "is no range of addresses"],
  ["127.0.0.1", "127.0.0.1 holds 127.0.0.0/8, the host's loopback"],
  ["0.0.0.0/0", "holds 0.0.0.0/8, this host"],
  ["169.254.169.254", "link-local and metadata addresses"],
  ["::1", "the host's loopback"],
  ["::ffff:10.0.0.0/104", "IPv4 in another form"],
  ["fe80::/64", "link-local addresses"],
  ["::/0", "this host"],
])("%s is refused: %s", (text, why) => {
  expect(() => parseAllowedRanges(["10.1.0.0/16", text])).toThrow(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(why) as string }),
  );
});
