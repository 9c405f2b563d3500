// From an operation's input schema to flags and positionals, and back to an input.

import { Option, type Command } from "commander";
import type { z } from "zod";
import { PyroError } from "../contract/errors.js";
import type { CliBinding } from "../operations/operation.js";
import { describeField, listFields, type Field } from "./fields.js";
import { toOption, toPairOption } from "./flags.js";

/** `ENVIRONMENT [options] -- COMMAND`, for usage lines. */
export function positionalSyntax(input: z.ZodObject, cli: CliBinding): string {
  const fields = listFields(input);
  const positionals = (cli.positionals ?? []).map((name) => {
    const required = fields.find((field) => field.name === name)?.required ?? false;
    return required ? name.toUpperCase() : `[${name.toUpperCase()}]`;
  });
  return [...positionals, "[options]", ...argvSyntax(fields, cli)].join(" ");
}

function argvSyntax(fields: readonly Field[], cli: CliBinding): readonly string[] {
  const field = fields.find(({ name }) => name === cli.argvField);
  if (!field) return [];
  const syntax = `-- ${field.name.toUpperCase()} [ARGS...]`;
  return [field.required ? syntax : `[${syntax}]`];
}

/** Gives `command` the operation's positionals and one flag for every other field, plus --json. */
export function addFlags(command: Command, input: z.ZodObject, cli: CliBinding): void {
  const fields = listFields(input);
  for (const name of cli.positionals ?? []) {
    const field = fields.find((each) => each.name === name);
    if (field) command.argument(field.required ? `<${name}>` : `[${name}]`, describeField(field));
  }
  for (const pair of Object.values(cli.pairFlags ?? {}).flat()) command.addOption(toPairOption(pair));
  for (const field of listFlagFields(fields, cli)) {
    command.addOption(toOption(field, cli));
    const fileFlag = cli.fileFlags?.[field.name];
    if (fileFlag) command.option(`--${fileFlag} <file>`, "Take it from this UTF-8 file; `-` is stdin");
  }
  if (cli.only) command.addOption(new Option(`--${cli.only.flag}`, cli.only.description).conflicts("json"));
  command.option("--json", "Print one JSON document");
}

/** Those that have a flag each. */
export function listFlagFields(fields: readonly Field[], cli: CliBinding): Field[] {
  return fields.filter(
    ({ name }) =>
      name !== cli.argvField && !cli.positionals?.includes(name) && !(name in (cli.pairFlags ?? {})),
  );
}

/** The input that the user's words mean. The operation's own schema judges it. */
export function readInput(
  command: Command,
  input: z.ZodObject,
  cli: CliBinding,
  guest: readonly string[] | undefined,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of listFlagFields(listFields(input), cli)) {
    const option = toOption(field, cli).attributeName();
    // A flag such as --no-patch has a value when nobody gave it; defaults are the schema's.
    if (command.getOptionValueSource(option) === "cli") values[field.name] = command.getOptionValue(option);
  }
  for (const [field, pairs] of Object.entries(cli.pairFlags ?? {})) {
    const given = pairs.flatMap(
      (pair): unknown => command.getOptionValue(toPairOption(pair).attributeName()) ?? [],
    );
    if (given.length > 0) values[field] = given;
  }
  (cli.positionals ?? []).forEach((name, index) => {
    const value: unknown = command.processedArgs[index];
    if (value !== undefined) values[name] = value;
  });
  const argvField = listFields(input).find(({ name }) => name === cli.argvField);
  if (argvField?.required || (argvField && guest)) values[argvField.name] = requireGuestArgv(guest, cli);
  else if (guest) throw new PyroError("invalid_input", `${cli.words.join(" ")} takes nothing after \`--\``);
  return values;
}

function requireGuestArgv(guest: readonly string[] | undefined, cli: CliBinding): readonly string[] {
  if (guest && guest.length > 0) return guest;
  throw new PyroError("invalid_input", "the guest's command is missing", {
    hint: `It goes after \`--\`, for example: ${cli.examples[0]}`,
  });
}

export function formatExamples(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`;
}
