// Texts of the host: the same patterns, found in the same ways as the agent finds them (agent/internal/redact).

import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { PyroError } from "../../../../src/contract/errors.js";
import { PACKAGE_ROOT } from "../../../../src/platform/package-files.js";
import { patternsOf } from "../../../../src/workspace/secrets/patterns.js";
import { Redactor } from "../../../../src/workspace/secrets/redactor.js";

const Samples = z.array(
  z.strictObject({
    name: z.string(),
    secrets: z.record(z.string(), z.string()),
    patterns: z.array(z.strictObject({ secret: z.string(), view: z.string(), symbols: z.string() })),
    texts: z.record(z.string(), z.string()),
  }),
);

/** The agent's tests read them, too. */
const SAMPLES_FILE = path.join(PACKAGE_ROOT, "test", "fixtures", "redaction.json");
const samples = Samples.parse(JSON.parse(readFileSync(SAMPLES_FILE, "utf8")));

function secretsOf(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([name, value]) => ({
    name,
    sourceKind: "literal" as const,
    value: Buffer.from(value),
  }));
}

function redactorOf(values: Readonly<Record<string, string>>): Redactor {
  return new Redactor(patternsOf(secretsOf(values)));
}

describe.each(samples)("$name", ({ secrets, patterns, texts }) => {
  test("has the patterns that the agent is tested with", () => {
    const made = patternsOf(secretsOf(secrets));
    expect(made.map((each) => ({ ...each, symbols: each.symbols.toString("latin1") }))).toEqual(patterns);
  });

  test.each(Object.entries(texts))("%j", (text, expected) => {
    expect(redactorOf(secrets).text(text)).toBe(expected);
  });
});

test("base64 of any text around a value shows nothing of it but its outermost bits", () => {
  const bytes = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(
      bytes,
      fc.uint8Array({ minLength: 6, maxLength: 80 }),
      bytes,
      fc.boolean(),
      (before, value, after, safe) => {
        const encoded = Buffer.concat([before, value, after]).toString(safe ? "base64url" : "base64");
        const redactor = new Redactor(
          patternsOf([{ name: "K", sourceKind: "file", value: Buffer.from(value) }]),
        );
        const hidden = value.some((byte) => byte !== 0x0a && byte !== 0x0d);
        const trimmed = Buffer.from(value)
          .toString("latin1")
          .replace(/[\r\n]+$/, "");
        if (hidden && trimmed.length >= 6) expect(redactor.text(encoded)).toContain("[redacted:K]");
      },
    ),
  );
});

test("a value shorter than 6 bytes is not looked for, not even in base64", () => {
  expect(patternsOf(secretsOf({ PIN: "12345", LINE: "12345\n\n", EMPTY: "" }))).toEqual([]);
});

test("an error says nothing of a secret: not in its message, hint or details", () => {
  const redactor = redactorOf({ KEY: "hunter2" });
  const error = new PyroError("path_not_found", "no hunter2", {
    hint: "see hunter2",
    details: { path: "a/hunter2", list: [{ hunter2: "aHVudGVyMg" }] },
  });
  expect(redactor.error(error).toReport()).toEqual({
    code: "path_not_found",
    message: "no [redacted:KEY]",
    hint: "see [redacted:KEY]",
    details: { path: "a/[redacted:KEY]", list: [{ "[redacted:KEY]": "[redacted:KEY]g" }] },
  });
});
