import { expect, test } from "vitest";
import { checkNames, choose } from "../../../src/bench/choose.js";

const CHOICES = [{ name: "a" }, { name: "b" }, { name: "c" }];

test("without names everything is chosen, with names those, in their own order", () => {
  expect(choose(CHOICES, [])).toEqual(CHOICES);
  expect(choose(CHOICES, ["c", "a"])).toEqual([{ name: "a" }, { name: "c" }]);
});

test("an unknown name is refused, and the known ones are listed", () => {
  expect(() => checkNames(CHOICES, ["a", "x"])).toThrow(
    expect.objectContaining({ code: "invalid_input", hint: "The scenarios are a, b, c." }),
  );
});
