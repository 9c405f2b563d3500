import { expect, test } from "vitest";
import { formatFigure, formatTable } from "../../../src/bench/table.js";

test("columns are as wide as their widest cell, and no line ends in spaces", () => {
  const columns = [
    { title: "name", align: "left" },
    { title: "ms", align: "right" },
    { title: "goal", align: "left" },
  ] as const;
  const text = formatTable(columns, [
    ["pool-hit", "9.1", "≤ 20"],
    ["x", "1234", ""],
  ]);
  expect(text).toBe(["name        ms  goal", "pool-hit   9.1  ≤ 20", "x         1234", ""].join("\n"));
});

test.each([
  [1234.5, "1235"],
  [99.96, "100.0"],
  [12.34, "12.3"],
  [1.005, "1.00"],
  [0, "0.00"],
  [-12.34, "-12.3"],
])("the figure %d is shown as %s", (value, shown) => {
  expect(formatFigure(value)).toBe(shown);
});
