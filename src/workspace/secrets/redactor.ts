// Takes the secrets of a workspace out of texts that the host records or returns. What commands print has been
// redacted by the agent, with the same patterns.

import { PyroError } from "../../contract/errors.js";
import type { RedactionPattern } from "../../guest/secrets.js";
import { readAs } from "./views.js";

interface Spot {
  readonly start: number;
  readonly end: number;
  readonly secret: string;
}

export class Redactor {
  readonly #patterns: readonly RedactionPattern[];

  constructor(patterns: readonly RedactionPattern[]) {
    this.#patterns = patterns;
  }

  /** There is nothing to look for. */
  get isIdle(): boolean {
    return this.#patterns.length === 0;
  }

  /** Whether there is a secret in `text`. */
  finds(text: string): boolean {
    return this.text(text) !== text;
  }

  /** `text` with the names of secrets in the place of their values. */
  text(text: string): string {
    if (this.isIdle || text === "") return text;
    const bytes = Buffer.from(text);
    const spots = this.#find(bytes);
    return spots.length === 0 ? text : replace(bytes, spots);
  }

  /** Every text within a value that is made of plain objects, arrays and scalars; keys, too. */
  deep(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.deep(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.deep(item)]));
  }

  /** The same failure without secrets; its cause is kept as it was, for nobody but the debugger. */
  error(error: PyroError): PyroError {
    if (this.isIdle) return error;
    const details = Object.fromEntries(
      Object.entries(error.details).map(([key, value]) => [key, this.deep(value)]),
    );
    return new PyroError(error.code, this.text(error.message), {
      hint: this.text(error.hint),
      details,
      cause: error.cause,
    });
  }

  #find(bytes: Buffer): Spot[] {
    const spots: Spot[] = [];
    const views = new Set(this.#patterns.map(({ view }) => view));
    for (const view of views) {
      const { symbols, starts, ends } = readAs(view, bytes);
      for (const pattern of this.#patterns) {
        if (pattern.view !== view) continue;
        const last = pattern.symbols.length - 1;
        for (
          let at = symbols.indexOf(pattern.symbols);
          at >= 0;
          at = symbols.indexOf(pattern.symbols, at + 1)
        ) {
          spots.push({
            start: starts[at] ?? 0,
            end: ends[at + last] ?? bytes.length,
            secret: pattern.secret,
          });
        }
      }
    }
    return spots.sort(bySpot);
  }
}

/** Secrets that overlap are one, named after the one that begins first. */
function replace(bytes: Buffer, spots: readonly Spot[]): string {
  const pieces: Buffer[] = [];
  let covered = 0;
  for (const { start, end, secret } of spots) {
    if (start >= covered) pieces.push(bytes.subarray(covered, start), Buffer.from(`[redacted:${secret}]`));
    covered = Math.max(covered, end);
  }
  return Buffer.concat([...pieces, bytes.subarray(covered)]).toString();
}

function bySpot(left: Spot, right: Spot): number {
  return left.start - right.start || right.end - left.end || (left.secret < right.secret ? -1 : 1);
}
