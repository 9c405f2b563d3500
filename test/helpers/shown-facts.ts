// The facts in what a client has shown its model of a result, whichever of the result's two forms it shows.

import { isJsonObject, toJsonObject, type JsonObject } from "../../src/mcp/json.js";

/** By the names of the result's members, joined by dots. Texts lose the newlines at their end: fences hide them. */
export type Facts = ReadonlyMap<string, string>;

/** How long the call took, which Codex puts in front. */
const WALL_TIME = /^Wall time: [\d.]+ seconds\nOutput:\n/;

export function readFacts(shown: string): Facts {
  const result = shown.replace(WALL_TIME, "");
  const facts = result.startsWith("{") ? readStructured(result) : readText(result);
  return new Map([...facts].map(([name, value]) => [name, value.trimEnd()]));
}

/** One fact; throws with all that was shown when it is not there. */
export function readFact(shown: string, name: string): string {
  const fact = readFacts(shown).get(name);
  if (fact === undefined) throw new Error(`the client has not shown ${name}: ${shown}`);
  return fact;
}

function readStructured(json: string): Facts {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) throw new Error(`no object: ${json}`);
  return new Map(flatten("", toJsonObject(parsed)));
}

function flatten(prefix: string, members: JsonObject): [name: string, value: string][] {
  return Object.entries(members).flatMap(([key, value]) => {
    if (isJsonObject(value)) return flatten(`${prefix}${key}.`, value);
    return [[prefix + key, typeof value === "string" ? value : JSON.stringify(value)]];
  });
}

/** `name:` before a block between fences, and lines `name: value`. */
const BLOCK = /^(?<block>[\w.]+):\n(?<fence>`{3,})\n(?<content>[^]*?)^\k<fence>$/.source;
const LINE = /^(?<name>[\w.]+): (?<value>.*)$/.source;

function readText(text: string): Facts {
  const found = text.matchAll(new RegExp(`${BLOCK}|${LINE}`, "gm"));
  return new Map(
    [...found].map(({ groups = {} }) => {
      const { block, content = "", name = "", value = "" } = groups;
      return block === undefined ? [name, unquote(value)] : [block, content];
    }),
  );
}

// A row of several texts begins and ends with quotes, too: it stays as it is.
function unquote(value: string): string {
  return /^"(?:[^"\\]|\\.)*"$/.test(value) ? String(JSON.parse(value)) : value;
}
