import { describe, expect, test } from "vitest";
import { median, percentile } from "../../../src/bench/statistics.js";

describe("median", () => {
  test("is the value in the middle, whatever the order", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  test("is the mean of the two in the middle when their number is even", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("leaves the values as they are", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("refuses no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  test("is the smallest value that the share does not exceed", () => {
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 0.05)).toBe(5);
  });

  test("of few values is the largest, and for a small share the smallest", () => {
    expect(percentile([7, 5, 6], 0.95)).toBe(7);
    expect(percentile([7, 5, 6], 0.05)).toBe(5);
    expect(percentile([7], 0)).toBe(7);
  });

  test("refuses no values", () => {
    expect(() => percentile([], 0.95)).toThrow(RangeError);
  });
});
