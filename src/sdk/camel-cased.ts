// What an operation's schema looks like in the SDK: the keys that the schema names are camelCase, the keys of maps
// (z.record: labels, variables) are the user's own and stay. One walk over the schema, for types and at run time.

import { z } from "zod";
import { PyroError } from "../contract/errors.js";
import { camelName, type CamelName } from "./camel-name.js";

/** Whether a caller gives the value, so that fields with defaults may be absent, or gets it. */
export type Side = "input" | "output";

export type CamelCased<Schema, S extends Side> =
  Schema extends z.ZodObject<infer Shape>
    ? CamelObject<Shape, S>
    : Schema extends z.ZodArray<infer Item>
      ? CamelArray<CamelCased<Item, S>, S>
      : Schema extends z.ZodRecord<infer Key, infer Value>
        ? Record<ValueOf<Key, S> & PropertyKey, CamelCased<Value, S>>
        : Schema extends z.ZodOptional<infer Inner>
          ? CamelCased<Inner, S> | undefined
          : Schema extends z.ZodNullable<infer Inner>
            ? CamelCased<Inner, S> | null
            : Schema extends z.ZodDefault<infer Inner>
              ? CamelCased<Inner, S> | (S extends "input" ? undefined : never)
              : Schema extends z.ZodUnion<infer Options>
                ? CamelCased<Options[number], S>
                : ValueOf<Schema, S>;

type ValueOf<Schema, S extends Side> = S extends "input" ? z.input<Schema> : z.output<Schema>;

/** Callers may give arrays that they must not change. */
type CamelArray<Item, S extends Side> = S extends "input" ? readonly Item[] : Item[];

type CamelObject<Shape, S extends Side> = Flat<
  {
    [Key in keyof Shape as Key extends OptionalKey<Shape, S> ? never : CamelName<Key>]: CamelCased<
      Shape[Key],
      S
    >;
  } & {
    [Key in keyof Shape as Key extends OptionalKey<Shape, S> ? CamelName<Key> : never]?: CamelCased<
      Shape[Key],
      S
    >;
  }
>;

type OptionalKey<Shape, S extends Side> = {
  [Key in keyof Shape]: undefined extends ValueOf<Shape[Key], S> ? Key : never;
}[keyof Shape];

type Flat<Type> = { [Key in keyof Type]: Type[Key] };

/**
 * A value of `schema` with the SDK's names. The one place where the run time answers for the types; tests hold the
 * two together.
 */
export function toCamelCased<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
): CamelCased<Schema, "output">;
export function toCamelCased(schema: z.ZodType, value: unknown): unknown {
  return renameKeys(schema, value, (name) => ({ from: name, to: camelName(name) }));
}

/** The way back, for what a caller gives. A name that the schema does not have is refused. */
export function fromCamelCased(schema: z.ZodType, value: unknown): unknown {
  return renameKeys(schema, value, (name) => ({ from: camelName(name), to: name }));
}

type Rename = (name: string) => { readonly from: string; readonly to: string };

// A union stays as it is: those of the operations hold no objects, which a test makes sure of.
function renameKeys(schema: unknown, value: unknown, rename: Rename): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return renameKeys(schema.unwrap(), value, rename);
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item: unknown) => renameKeys(schema.element, item, rename));
  }
  if (!isObject(value)) return value;
  if (schema instanceof z.ZodObject) return renameObject(schema.shape, value, rename);
  if (schema instanceof z.ZodRecord) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, renameKeys(schema.valueType, item, rename)]),
    );
  }
  return value;
}

function renameObject(
  shape: Readonly<Record<string, unknown>>,
  value: Readonly<Record<string, unknown>>,
  rename: Rename,
): Record<string, unknown> {
  const fields = new Map(
    Object.entries(shape).map(([name, schema]) => [rename(name).from, { to: rename(name).to, schema }]),
  );
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const field = fields.get(name);
      if (!field) throw unknownOption(name, [...fields.keys()]);
      return [field.to, renameKeys(field.schema, item, rename)];
    }),
  );
}

function unknownOption(name: string, known: readonly string[]): PyroError {
  return new PyroError("invalid_input", `unknown option: ${name}`, {
    hint: `There are: ${known.join(", ")}.`,
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
