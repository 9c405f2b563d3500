// A failure as a model sees it: what happened, and the next step in terms of the tools that it has.

import { ERROR_CATALOGUE, type ErrorCode, type ErrorDetails, type PyroError } from "../../contract/errors.js";
import { toJsonObject, type JsonObject } from "../json.js";
import { cutMiddle } from "./cut-text.js";
import { nameTools, type OfferedTools } from "./name-tools.js";
import { renderText } from "./render-text.js";
import { shorten, type Caps } from "./shorten.js";

/** Where the next step is another one for a model than for a person at a terminal. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  export_refused: "Give another `output_path`: nothing on the host is replaced.",
  guest_out_of_memory: "Create a workspace with more `mem_mib`, or run less at once.",
  internal: "Try once more; if it fails again, tell the user to look at `pyro daemon logs`.",
  invalid_input: "Call it again with the argument put right.",
};

/** Characters of a message: a compiler's whole output may be in it. */
const MESSAGE_MAX = 3000;
const HINT_MAX = 1000;
const DETAILS_MAX = 4000;
/** Tried in turn until the details are short enough. */
const DETAIL_CAPS: readonly Caps[] = [
  { items: 30, characters: 1000 },
  { items: 5, characters: 200 },
];

export interface Failure {
  readonly structured: JsonObject;
  readonly text: string;
}

export function toFailure(error: PyroError, tools: OfferedTools): Failure {
  const { code, message, retryable } = error;
  const isCodesOwn = error.hint === ERROR_CATALOGUE[code].hint;
  const hint = (isCodesOwn ? HINTS[code] : undefined) ?? error.hint;
  const facts = {
    code,
    message: limit(message, MESSAGE_MAX),
    hint: limit(nameTools(hint, tools), HINT_MAX),
    retryable,
    ...shortDetails(error.details),
  };
  const structured = { error: shorten(facts, { items: Infinity, characters: Infinity }, ANY_SHAPE).value };
  return { structured, text: renderText(structured) };
}

const ANY_SHAPE = { keepLast: new Set<string>(), pieces: new Set<string>() };

// Details that are too long even so are left out: the message stands for them.
function shortDetails(details: ErrorDetails): { details?: JsonObject } {
  if (Object.keys(details).length === 0) return {};
  for (const caps of DETAIL_CAPS) {
    const { value } = shorten(toJsonObject(details), caps, ANY_SHAPE);
    if (JSON.stringify(value).length <= DETAILS_MAX) return { details: value };
  }
  return {};
}

function limit(text: string, max: number): string {
  return text.length <= max ? text : cutMiddle(text, max).text;
}
