// The fields of an operation's input, as far as flags and help need to know them.

import { z } from "zod";

export interface Field {
  readonly name: string;
  /** As zod names it: `string`, `number`, `boolean`, `enum`, `record`, `array`, `union`. */
  readonly type: string;
  readonly description: string;
  /** Undefined: there is none. */
  readonly default: unknown;
  readonly choices: readonly string[];
  readonly required: boolean;
}

// Read from the schemas themselves: JSON Schemas of all operations would cost every command tens of milliseconds.
export function listFields(input: z.ZodObject): Field[] {
  const shape: Readonly<Record<string, unknown>> = input.shape;
  return Object.entries(shape).map(([name, schema]) => readField(name, schema));
}

function readField(name: string, schema: unknown): Field {
  if (schema instanceof z.ZodOptional) {
    return withDescription(schema, { ...readField(name, schema.unwrap()), required: false });
  }
  if (schema instanceof z.ZodDefault) {
    const inner = readField(name, schema.unwrap());
    return withDescription(schema, { ...inner, default: schema.def.defaultValue, required: false });
  }
  if (!(schema instanceof z.ZodType)) throw new TypeError(`${name} has no schema`);
  const choices = schema instanceof z.ZodEnum ? schema.options.map(String) : [];
  const { type } = schema.def;
  return withDescription(schema, {
    name,
    type,
    description: "",
    default: undefined,
    choices,
    required: true,
  });
}

// The outermost description counts.
function withDescription({ description }: z.ZodType, field: Field): Field {
  return description === undefined ? field : { ...field, description };
}

/** What the field is about, and what it is when it is not given. */
export function describeField({ description, default: preset }: Field): string {
  const isPlain = typeof preset === "string" || typeof preset === "number" || typeof preset === "boolean";
  return isPlain ? `${description} (default: ${preset})` : description;
}
