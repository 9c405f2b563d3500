// Which results can be long, what of them matters most, and how the rest is read. Data and pure functions.

import { countCharacters } from "../../contract/characters.js";
import type { OperationId } from "../../operations/registry.js";
import type { Json, JsonObject } from "../json.js";
import type { Cut } from "./shorten.js";

export interface LongResult {
  /** Arrays whose end matters more than their beginning. */
  readonly keepLast?: readonly string[];
  /** The text that this call reads piece by piece, and where the piece begins, bytes. */
  readonly piece?: (call: Call) => { readonly field: string; readonly offset: number } | undefined;
  /** The field that tells where the next piece begins, and how far a text leads; `next_offset` and its bytes if absent. */
  readonly next?: { readonly field: string; readonly measure: (text: string) => number };
  /** Characters that each text gets before arrays get more items. */
  readonly textShare?: number;
  /** The call that reads what was left out of a field. */
  readonly rest: (cut: Cut, call: Call) => string;
}

export interface Call {
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: JsonObject;
}

const NARROWER = "Ask for less at once.";

export const LONG_RESULTS: Readonly<Partial<Record<OperationId, LongResult>>> = {
  vm_run: {
    rest: () => "The guest is gone: run it again so that it prints less, such as with `| tail -n 100`.",
  },
  vm_exec: { rest: () => "The guest is gone: the next one should print less, such as with `| tail -n 100`." },
  workspace_exec: {
    rest: ({ field, head }, { result }) =>
      field === "stdout" || field === "stderr"
        ? `workspace_logs with sequence ${show(result["sequence"])}, stream ${field}, offset ${countBytes(head)}`
        : `workspace_logs with sequence ${show(result["sequence"])}`,
  },
  workspace_logs: {
    keepLast: ["entries"],
    piece: ({ input: { sequence, stream, offset } }) =>
      sequence === undefined || typeof stream !== "string"
        ? undefined
        : { field: `entries.0.${stream}`, offset: toNumber(offset) },
    rest: ({ field }, { result, input }) => {
      if (field === "entries") return "workspace_logs with `limit`, or with the `sequence` of one";
      return input["sequence"] !== undefined && typeof input["stream"] === "string"
        ? "workspace_logs with the same `sequence` and `stream`, and `offset` set to `next_offset`"
        : `workspace_logs with ${nameEntry(field, result)}, \`stream\` and \`offset\``;
    },
  },
  workspace_summary: {
    keepLast: ["commands.last", "exports"],
    rest: ({ field }) => (field.startsWith("changes") ? "workspace_diff" : "workspace_logs"),
  },
  service_logs: { rest: () => "service_logs with fewer `tail_lines`" },
  workspace_file_list: { rest: () => "workspace_file_list with a `path` further down" },
  workspace_file_read: {
    piece: ({ result }) => ({ field: "content", offset: toNumber(result["offset"]) }),
    rest: () => "workspace_file_read with `offset` set to `next_offset`",
  },
  shell_read: {
    // What is drawn on a screen is kept from both ends: its last lines matter most.
    piece: ({ input, result }) =>
      input["plain"] === true ? undefined : { field: "output", offset: toNumber(result["cursor"]) },
    next: { field: "next_cursor", measure: countCharacters },
    rest: (_, { input }) =>
      input["plain"] === true
        ? "shell_read without `plain`, piece by piece"
        : "shell_read with `cursor` set to `next_cursor`",
  },
  workspace_diff: {
    // A patch that ends after its first lines says less than a list of files that ends somewhere.
    textShare: 5000,
    rest: ({ field }) =>
      field === "patch" ? "workspace_diff with `path`, file by file" : "workspace_diff with `path`",
  },
};

/** What holds for every other operation. */
export const OTHER_RESULT: LongResult = { rest: () => NARROWER };

/** Bytes of a text as they came: what was no UTF-8 is one character for at least one byte, and reading some again is no harm. */
export function countBytes(text: string): number {
  const replaced = text.split("\ufffd").length - 1;
  return Buffer.byteLength(text) - 2 * replaced;
}

function nameEntry(field: string, result: JsonObject): string {
  const entries = result["entries"];
  const entry = Array.isArray(entries) ? entries[Number(field.split(".")[1])] : undefined;
  const sequence =
    typeof entry === "object" && entry !== null && "sequence" in entry ? entry.sequence : undefined;
  return sequence === undefined ? "its `sequence`" : `sequence ${show(sequence)}`;
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function show(value: Json | undefined): string {
  return typeof value === "number" ? String(value) : "of the command";
}
