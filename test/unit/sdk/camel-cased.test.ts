import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { OPERATIONS } from "../../../src/operations/registry.js";
import { fromCamelCased, toCamelCased, type CamelCased } from "../../../src/sdk/camel-cased.js";

const item = z.object({ file_path: z.string(), size_bytes: z.number().nullable() });
const schema = z.object({
  vm_id: z.string(),
  labels_by_name: z.record(z.string(), z.string()),
  items_by_name: z.record(z.string(), item),
  all_items: z.array(item),
  last_item: item.nullable(),
  next_item: item.optional(),
  exit_code: z.int().default(0),
  command_line: z.union([z.string(), z.array(z.string())]),
});

const value = {
  vm_id: "a_b",
  labels_by_name: { my_label: "a_b", myOther: "" },
  items_by_name: { first_item: { file_path: "a", size_bytes: 1 } },
  all_items: [{ file_path: "b", size_bytes: null }],
  last_item: null,
  next_item: { file_path: "c", size_bytes: 2 },
  exit_code: 3,
  command_line: ["to_run"],
};

test("the schema's keys change, at every depth; keys of maps and values stay", () => {
  expect(toCamelCased(schema, value)).toEqual({
    vmId: "a_b",
    labelsByName: { my_label: "a_b", myOther: "" },
    itemsByName: { first_item: { filePath: "a", sizeBytes: 1 } },
    allItems: [{ filePath: "b", sizeBytes: null }],
    lastItem: null,
    nextItem: { filePath: "c", sizeBytes: 2 },
    exitCode: 3,
    commandLine: ["to_run"],
  });
});

describe("what a caller gives", () => {
  test.each([
    ["an unknown name", { vmId: "a", colour: 1 }, "unknown option: colour"],
    ["the operation's own spelling", { vm_id: "a" }, "unknown option: vm_id"],
    ["an unknown name further down", { allItems: [{ filePath: "a", mode: 1 }] }, "unknown option: mode"],
    ["a name of Object's", { toString: "a" }, "unknown option: toString"],
  ])("%s is refused", (_, given, message) => {
    expect(() => fromCamelCased(schema, given)).toThrow(
      expect.objectContaining({ name: "PyroError", code: "invalid_input", message }),
    );
  });

  test("a value of a wrong type goes on as it is: the operation's schema judges it", () => {
    expect(fromCamelCased(schema, { allItems: "x", lastItem: 5, labelsByName: [1] })).toEqual({
      all_items: "x",
      last_item: 5,
      labels_by_name: [1],
    });
  });
});

const itemValue = fc.record({ file_path: fc.string(), size_bytes: fc.option(fc.integer()) });
const anyValue = fc.record(
  {
    vm_id: fc.string(),
    labels_by_name: fc.dictionary(fc.string(), fc.string()),
    items_by_name: fc.dictionary(fc.string(), itemValue),
    all_items: fc.array(itemValue),
    last_item: fc.option(itemValue),
    next_item: itemValue,
    exit_code: fc.integer(),
    command_line: fc.oneof(fc.string(), fc.array(fc.string())),
  },
  {
    requiredKeys: [
      "vm_id",
      "labels_by_name",
      "items_by_name",
      "all_items",
      "last_item",
      "exit_code",
      "command_line",
    ],
  },
);

test("there and back is where it was", () => {
  fc.assert(
    fc.property(anyValue, (any) => {
      expect(fromCamelCased(schema, toCamelCased(schema, any))).toEqual(any);
    }),
  );
});

test("the types say the same", () => {
  interface Item {
    filePath: string;
    sizeBytes: number | null;
  }
  expectTypeOf<CamelCased<typeof schema, "output">>().toEqualTypeOf<{
    vmId: string;
    labelsByName: Record<string, string>;
    itemsByName: Record<string, Item>;
    allItems: Item[];
    lastItem: Item | null;
    nextItem?: Item | undefined;
    exitCode: number;
    commandLine: string | string[];
  }>();
  expectTypeOf<CamelCased<typeof schema, "input">>().toEqualTypeOf<{
    vmId: string;
    labelsByName: Record<string, string>;
    itemsByName: Record<string, Item>;
    allItems: readonly Item[];
    lastItem: Item | null;
    nextItem?: Item | undefined;
    exitCode?: number | undefined;
    commandLine: string | readonly string[];
  }>();
});

const LEAVES = new Set(["string", "number", "boolean", "enum", "literal", "unknown"]);

/** What of a schema the conversion would leave alone although there are names in it. */
function listUnconvertible(field: unknown, where: string): string[] {
  if (!(field instanceof z.ZodType)) return [`${where}: no schema`];
  if (field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault) {
    return listUnconvertible(field.unwrap(), where);
  }
  if (field instanceof z.ZodObject) {
    const shape: Record<string, unknown> = field.shape;
    return Object.entries(shape).flatMap(([name, each]) => listUnconvertible(each, `${where}.${name}`));
  }
  if (field instanceof z.ZodArray) return listUnconvertible(field.element, `${where}[]`);
  if (field instanceof z.ZodRecord) return listUnconvertible(field.valueType, `${where}{}`);
  // A union is left alone: right as long as nothing in it has names.
  if (field instanceof z.ZodUnion) {
    return field.options.flatMap((option) => (hasNames(option) ? [`${where}: a union of objects`] : []));
  }
  return LEAVES.has(field.def.type) ? [] : [`${where}: ${field.def.type}`];
}

function hasNames(option: unknown): boolean {
  if (option instanceof z.ZodArray) return hasNames(option.element);
  return option instanceof z.ZodObject || option instanceof z.ZodRecord || option instanceof z.ZodUnion;
}

test.each(Object.values(OPERATIONS))("the conversion knows every part of $id", ({ id, input, output }) => {
  expect([...listUnconvertible(input, `${id} input`), ...listUnconvertible(output, `${id} output`)]).toEqual(
    [],
  );
});
