// Every exit status there is.

import { describe, expect, test } from "vitest";
import { ANYBODY, useGuests } from "../helpers/use-guests.js";

const AT_ONCE = 8;

describe("exit status", () => {
  const guests = useGuests(ANYBODY);

  test("each of 0 to 255 is the CLI's", async () => {
    const seen: (number | null)[] = [];
    for (let first = 0; first < 256; first += AT_ONCE) {
      const codes = Array.from({ length: AT_ONCE }, (_, index) => first + index);
      const results = await Promise.all(codes.map((code) => guests().sh(`exit ${code}`)));
      seen.push(...results.map(({ status }) => status));
    }
    expect(seen).toEqual(Array.from({ length: 256 }, (_, code) => code));
  });
});
