// OpenCode's configuration as text: our entry is put in, everything else, comments too, stays as it is. Pure.

import {
  applyEdits,
  modify,
  parse,
  type FormattingOptions,
  type JSONPath,
  type ParseError,
} from "jsonc-parser";
import { SERVER_NAME, type ServerCommand } from "./server-command.js";
import { SERVER_VARIABLES } from "./server-variables.js";

const ENTRY_PATH: JSONPath = ["mcp", SERVER_NAME];
const EMPTY_CONFIG = `{\n  "$schema": "https://opencode.ai/config.json"\n}\n`;

type JsonObject = Readonly<Record<string, unknown>>;

/** The entry as OpenCode wants it. */
function toOpencodeEntry({ command, args, env }: ServerCommand): JsonObject {
  const environment = Object.keys(env).length > 0 ? { environment: env } : {};
  return { type: "local", enabled: true, command: [command, ...args], ...environment };
}

/** A configuration with nothing but our entry. */
export function newOpencodeConfig(command: ServerCommand): string {
  return edit(EMPTY_CONFIG, ENTRY_PATH, toOpencodeEntry(command));
}

/** `text` with our entry in it, the same text when it is there already; undefined when it is no configuration. */
export function mergeOpencodeConfig(text: string, command: ServerCommand): string | undefined {
  const config = parseConfig(text);
  if (!config) return undefined;
  const servers = config["mcp"] ?? {};
  if (!isObject(servers) || config["mcp"] === null) return undefined;
  const entry = servers[SERVER_NAME];
  if (!isObject(entry) || entry["type"] !== "local") return edit(text, ENTRY_PATH, toOpencodeEntry(command));
  // Key by key: a timeout or a comment in the entry is the user's.
  let merged = text;
  const { environment, ...keys } = toOpencodeEntry(command);
  for (const [key, value] of Object.entries(keys)) {
    if (JSON.stringify(entry[key]) !== JSON.stringify(value))
      merged = edit(merged, [...ENTRY_PATH, key], value);
  }
  return isObject(entry["environment"])
    ? mergeVariables(merged, entry["environment"], command.env)
    : edit(merged, [...ENTRY_PATH, "environment"], environment);
}

function mergeVariables(text: string, present: JsonObject, wanted: Readonly<Record<string, string>>): string {
  const changes = [...Object.keys(wanted), ...SERVER_VARIABLES].filter(
    (name) => present[name] !== wanted[name],
  );
  return changes.reduce(
    (merged, name) => edit(merged, [...ENTRY_PATH, "environment", name], wanted[name]),
    text,
  );
}

function parseConfig(text: string): JsonObject | undefined {
  const errors: ParseError[] = [];
  const config: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 && isObject(config) ? config : undefined;
}

/** An undefined value removes the key. */
function edit(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: detectFormat(text) }));
}

function detectFormat(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
