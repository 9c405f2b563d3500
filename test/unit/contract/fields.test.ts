import { describe, expect, test } from "vitest";
import { inputFields } from "../../../src/contract/fields.js";
import * as limits from "../../../src/contract/limits.js";

/** Limits and defaults of the contract. */
const NUMBERS = [
  ["vcpu_count", inputFields.vcpuCount, limits.VCPU_COUNT, 1, 8, 1],
  ["mem_mib", inputFields.memMib, limits.MEM_MIB, 256, 32_768, 1024],
  ["timeout_seconds", inputFields.timeoutSeconds, limits.TIMEOUT_SECONDS, 1, 86_400, 30],
  ["ttl_seconds", inputFields.ttlSeconds, limits.TTL_SECONDS, 60, 604_800, 600],
] as const;

describe.each(NUMBERS)("%s", (_, field, limit, min, max, initial) => {
  test("has the contract's range and default", () => {
    expect(limit).toEqual({ min, max, default: initial });
    expect(field.parse(undefined)).toBe(initial);
    expect(field.parse(min)).toBe(min);
    expect(field.parse(max)).toBe(max);
  });

  test.each([min - 1, max + 1, min + 0.5, Number.NaN, Infinity, String(min), null, true])(
    "refuses %j",
    (value) => expect(field.safeParse(value).success).toBe(false),
  );
});

describe("command", () => {
  test.each([["echo hi"], [["echo", "hi", ""]]])("takes %j", (command) =>
    expect(inputFields.command.parse(command)).toEqual(command),
  );

  test.each([[""], [[]], [[1]], [{}], [null], ["x".repeat(1024 * 1024 + 1)]])("refuses %j", (command) =>
    expect(inputFields.command.safeParse(command).success).toBe(false),
  );
});

test("an environment is debian:12 when none is named, and never empty", () => {
  expect(inputFields.environmentOrDefault.parse(undefined)).toBe("debian:12");
  expect(inputFields.environment.safeParse(undefined).success).toBe(false);
  expect(inputFields.environment.safeParse("").success).toBe(false);
});

test("network and the host itself are never given by default", () => {
  expect(inputFields.network.parse(undefined)).toBe(false);
  expect(inputFields.allowHostCompat.parse(undefined)).toBe(false);
});
