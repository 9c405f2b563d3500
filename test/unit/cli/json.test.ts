import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJson } from "../../../src/cli/json.js";

test("two spaces, sorted keys at every depth, lists in their order, a newline at the end", () => {
  expect(formatJson({ b: [{ z: 1, a: null }, 3, 2], a: { d: true, c: "x" }, A: 0 })).toBe(
    `{
  "A": 0,
  "a": {
    "c": "x",
    "d": true
  },
  "b": [
    {
      "a": null,
      "z": 1
    },
    3,
    2
  ]
}
`,
  );
});

test("nothing is lost, whatever the value holds", () => {
  const value = fc.jsonValue({ stringUnit: "binary" });
  fc.assert(
    fc.property(value, (given) => {
      expect(JSON.parse(formatJson(given))).toEqual(JSON.parse(JSON.stringify(given)));
    }),
  );
});

test("the document is the same whatever order the keys came in", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(formatJson(turned)).toBe(formatJson(value));
    }),
  );
});

test("what could drive a terminal is escaped, as JSON knows it", () => {
  const text = "\u001b[2J \u009b31m \u202e \u{e0041} \u200b \ufeff \u007f é 😀";
  const json = formatJson({ text });
  for (const character of "\u001b\u009b\u202e\u{e0041}\u200b\ufeff\u007f")
    expect(json).not.toContain(character);
  expect(json).toContain("é 😀");
  expect(JSON.parse(json)).toEqual({ text });
});
