// One flag for one field of an input.

import { Option } from "commander";
import { PyroError } from "../contract/errors.js";
import type { CliBinding, PairFlag } from "../operations/operation.js";
import { describeField, type Field } from "./fields.js";

/** `--mem-mib <n>`, `--label <key=value>`, `--recursive`, `--no-patch`. */
export function toOption(field: Field, cli: CliBinding): Option {
  const name = cli.flags?.[field.name] ?? field.name.replaceAll("_", "-");
  switch (field.type) {
    case "boolean":
      return field.default === true
        ? new Option(`--no-${name}`, `Do not ${lowerFirst(field.description)}`)
        : new Option(`--${name}`, describeField(field));
    case "number":
      return new Option(`--${name} <n>`, describeField(field)).argParser(parseNumber);
    case "record": {
      const isBare = cli.bareKeys?.includes(field.name) ?? false;
      const syntax = isBare ? "<key[=value]>" : "<key=value>";
      return new Option(`--${name} ${syntax}`, repeatable(field)).argParser(pairAdder(name, isBare));
    }
    case "array": {
      const { syntax = name, parse = (text: string): unknown => text } = cli.items?.[field.name] ?? {};
      return new Option(`--${name} <${syntax}>`, repeatable(field)).argParser(itemAdder(parse));
    }
    default:
      return toTextOption(field, name, cli);
  }
}

function toTextOption(field: Field, name: string, cli: CliBinding): Option {
  const option = new Option(`--${name} <${name.replaceAll("-", "_")}>`, describeField(field));
  // A text that may come from a file is asked for when both are missing.
  if (field.required && !cli.fileFlags?.[field.name]) option.makeOptionMandatory();
  return field.choices.length > 0 ? option.choices(field.choices) : option;
}

function repeatable(field: Field): string {
  return `${describeField(field)}; can be given several times`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

// What is no number goes on as it was typed, so that the one parser of inputs can say what is wrong with it.
function parseNumber(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function pairAdder(flag: string, isBare: boolean) {
  return (text: string, pairs: Readonly<Record<string, string>> = {}): Record<string, string> => {
    if (isBare && text !== "" && !text.includes("=")) return { ...pairs, [text]: text };
    const [key, value] = splitPair(text) ?? wrongPair(`${flag} ${text}`);
    return { ...pairs, [key]: value };
  };
}

/** The flags of a list of objects: each use adds an object with the two keys. */
export function toPairOption({ flag, name, value, description }: PairFlag): Option {
  const add = (text: string, items: readonly Record<string, string>[] = []) => {
    // What there is instead of a pair may be a secret: it is not repeated.
    const [before, after] = splitPair(text) ?? wrongPair(flag);
    return [...items, { [name]: before, [value]: after }];
  };
  const syntax = `<${name}=${value.replace("file_path", "path")}>`;
  return new Option(`--${flag} ${syntax}`, `${description}; can be given several times`).argParser(add);
}

function splitPair(text: string): readonly [string, string] | undefined {
  const at = text.indexOf("=");
  return at < 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

function wrongPair(given: string): never {
  throw new PyroError("invalid_input", `--${given}: a key, \`=\` and a value are needed`);
}

function itemAdder(parse: (text: string) => unknown) {
  return (text: string, items: readonly unknown[] = []): unknown[] => [...items, parse(text)];
}
