import { describe, expect, test } from "vitest";
import { formatBar, formatStatusLine } from "../../../src/cli/progress.js";
import type { ProgressEvent } from "../../../src/contract/events.js";

describe("a status line", () => {
  test("is [tag] and key=value in the order given", () => {
    const fields = { phase: "install", environment: "debian:12", count: 3 };
    expect(formatStatusLine({ tag: "pull", fields })).toBe(
      "[pull] phase=install environment=debian:12 count=3",
    );
    expect(formatStatusLine({ tag: "run", fields: {} })).toBe("[run]");
  });

  test.each([
    ["", '""'],
    ["two words", '"two words"'],
    ['say "x"', '"say \\"x\\""'],
    ["line\nphase=ready", '"line\\nphase=ready"'],
    ["a=b", "a=b"],
  ])("quotes %j so that it cannot look like more fields", (value, shown) => {
    expect(formatStatusLine({ tag: "t", fields: { value } })).toBe(`[t] value=${shown}`);
  });
});

describe("a bar", () => {
  const event = (done: ProgressEvent["done"]): ProgressEvent => ({
    type: "progress",
    tag: "pull",
    fields: { phase: "unpack" },
    ...(done && { done }),
  });

  test.each([
    [0, `[${".".repeat(24)}] 0 %`],
    [50, `[${"#".repeat(12)}${".".repeat(12)}] 50 %`],
    [100, `[${"#".repeat(24)}] 100 %`],
    [250, `[${"#".repeat(24)}] 100 %`],
  ])("shows how far %d of 100 is", (current, bar) => {
    expect(formatBar(event({ current, total: 100, unit: "files" }), 80)).toBe(`[pull] phase=unpack ${bar}`);
  });

  test.each([undefined, 0, -1])("counts where the total is %s", (total) => {
    expect(formatBar(event({ current: 7, total, unit: "files" }), 80)).toBe("[pull] phase=unpack 7 files");
  });

  test.each([1, 10, 40])("leaves the last of %d columns free, so that it never wraps", (columns) => {
    expect(formatBar(event({ current: 1, total: 2, unit: "" }), columns).length).toBeLessThan(columns);
    expect(formatBar(event(undefined), columns).length).toBeLessThan(columns);
  });
});
