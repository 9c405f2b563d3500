// From an operation's input schema to flags and positionals, and back to an input.

import { Option, type Command } from "commander";
import { z } from "zod";
import { PyroError } from "../contract/errors.js";
import type { CliBinding } from "../operations/operation.js";

/** The part of JSON Schema that flags are made of. */
const FieldSchema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
});

interface Field extends z.infer<typeof FieldSchema> {
  readonly name: string;
  readonly required: boolean;
}

const InputSchema = z.object({
  properties: z.record(z.string(), FieldSchema).default({}),
  required: z.array(z.string()).default([]),
});

function listFields(input: z.ZodObject): Field[] {
  const schema = InputSchema.parse(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  return Object.entries(schema.properties).map(([name, field]) => ({
    ...field,
    name,
    required: schema.required.includes(name),
  }));
}

/** `ENVIRONMENT [options] -- COMMAND`, for usage lines. */
export function positionalSyntax(input: z.ZodObject, cli: CliBinding): string {
  const fields = listFields(input);
  const positionals = (cli.positionals ?? []).map((name) => {
    const required = fields.find((field) => field.name === name)?.required ?? false;
    return required ? name.toUpperCase() : `[${name.toUpperCase()}]`;
  });
  const guest = cli.argvField ? ["--", cli.argvField.toUpperCase(), "[ARGS...]"] : [];
  return [...positionals, "[options]", ...guest].join(" ");
}

/** Gives `command` the operation's positionals and one flag for every other field, plus --json. */
export function addFlags(command: Command, input: z.ZodObject, cli: CliBinding): void {
  for (const field of listFields(input)) {
    if (cli.positionals?.includes(field.name)) {
      const syntax = field.required ? `<${field.name}>` : `[${field.name}]`;
      command.argument(syntax, describeField(field));
    } else if (field.name !== cli.argvField) {
      command.addOption(toOption(field));
    }
  }
  command.option("--json", "Print one JSON document");
}

function toOption(field: Field): Option {
  const flag = `--${field.name.replaceAll("_", "-")}`;
  const option = new Option(
    field.type === "boolean" ? flag : `${flag} <${placeholder(field)}>`,
    describeField(field),
  );
  if (field.enum) option.choices(field.enum);
  if (field.type === "integer" || field.type === "number") option.argParser(parseNumber);
  return option;
}

function describeField(field: Field): string {
  const shown = field.default === undefined ? "" : ` (default: ${field.default})`;
  return `${field.description ?? ""}${shown}`;
}

function placeholder(field: Field): string {
  return field.type === "integer" || field.type === "number" ? "n" : field.name;
}

// What is no number goes on as it was typed, so that the one parser of inputs can say what is wrong with it.
function parseNumber(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The input that the user's words mean. The operation's own schema judges it. */
export function readInput(
  command: Command,
  input: z.ZodObject,
  cli: CliBinding,
  guest: readonly string[] | undefined,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const options = command.opts();
  for (const { name } of listFields(input)) {
    const value: unknown = options[toCamelCase(name)];
    if (value !== undefined) values[name] = value;
  }
  (cli.positionals ?? []).forEach((name, index) => {
    const value: unknown = command.processedArgs[index];
    if (value !== undefined) values[name] = value;
  });
  if (cli.argvField) values[cli.argvField] = requireGuestArgv(guest, cli);
  else if (guest) throw new PyroError("invalid_input", `${cli.words.join(" ")} takes nothing after \`--\``);
  return values;
}

function requireGuestArgv(guest: readonly string[] | undefined, cli: CliBinding): readonly string[] {
  if (guest && guest.length > 0) return guest;
  throw new PyroError("invalid_input", "the guest's command is missing", {
    hint: `It goes after \`--\`, for example: ${cli.examples[0]}`,
  });
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function formatExamples(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`;
}
