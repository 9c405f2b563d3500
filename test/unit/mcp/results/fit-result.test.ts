import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toJsonObject, type JsonObject } from "../../../../src/mcp/json.js";
import { fitResult, RESULT_MAX_CHARACTERS } from "../../../../src/mcp/results/fit-result.js";
import { OPERATION_IDS } from "../../../../src/operations/registry.js";

const SHORT = { input: {} };

function exec(stdout: string, stderr = ""): JsonObject {
  return {
    workspace_id: "ws_aaaaaaaaaaaa",
    sequence: 4,
    command: "make",
    exit_code: 2,
    stdout,
    stderr,
    stdout_truncated: false,
    stderr_truncated: false,
    stdout_bytes: Buffer.byteLength(stdout),
  };
}

function lines(count: number, from = 0): string {
  return Array.from({ length: count }, (_, index) => `line ${index + from}\n`).join("");
}

function textOf(result: JsonObject, name: string): string {
  const text = result[name];
  if (typeof text !== "string") throw new Error(`${name} is no text`);
  return text;
}

test("a result that is short enough is not touched", () => {
  const result = exec("hello\n");
  const { structured, text } = fitResult("workspace_exec", { ...SHORT, result });
  expect(structured).toEqual(result);
  expect(text).toContain("stdout:\n```\nhello\n```");
  expect(text).toContain("exit_code: 2");
});

describe("long output", () => {
  const { structured, text } = fitResult("workspace_exec", {
    ...SHORT,
    result: exec(lines(5000), "warning\n"),
  });
  const stdout = textOf(structured, "stdout");

  test("keeps its first and its last lines whole", () => {
    expect(stdout.startsWith("line 0\nline 1\n")).toBe(true);
    expect(stdout.endsWith("line 4998\nline 4999\n")).toBe(true);
    expect(stdout).toMatch(/line \d+\n\[… \d+ characters left out …\]\nline \d+\n/);
  });

  test("does not cost short output its place", () => expect(structured["stderr"]).toBe("warning\n"));

  test("uses the room that there is", () => {
    expect(Math.max(text.length, JSON.stringify(structured).length)).toBeGreaterThan(9000);
  });

  test("is called truncated, with its full size and the call that reads on", () => {
    expect(structured["stdout_truncated"]).toBe(true);
    expect(structured["stderr_truncated"]).toBe(false);
    const head = stdout.slice(0, stdout.indexOf("[…"));
    const rest = `workspace_logs with sequence 4, stream stdout, offset ${head.length}`;
    expect(structured["shortened"]).toEqual([
      expect.objectContaining({ field: "stdout", total: lines(5000).length, unit: "characters", rest }),
    ]);
    expect(text).toContain(rest);
  });
});

describe("a file", () => {
  const content = "é".repeat(20) + lines(4000);
  const read = (offset: number) => {
    const bytes = Buffer.from(content).subarray(offset);
    const result = {
      path: "/workspace/a",
      offset,
      content: bytes.toString(),
      truncated: false,
      next_offset: null,
    };
    return fitResult("workspace_file_read", { input: { path: "a", offset }, result }).structured;
  };

  test("read piece by piece is whole again", () => {
    let whole = "";
    let offset: unknown = 0;
    while (typeof offset === "number") {
      const piece = read(offset);
      whole += textOf(piece, "content");
      expect(piece["truncated"]).toBe(piece["next_offset"] !== null);
      offset = piece["next_offset"];
    }
    expect(whole).toBe(content);
  });
});

test("a command's log read piece by piece misses nothing, whatever bytes it has", () => {
  const bytes = Buffer.concat([
    Buffer.from(lines(500)),
    Buffer.alloc(3000, 0xff),
    Buffer.from(lines(1500, 500)),
  ]);
  let seen = 0;
  for (let offset: unknown = 0, rounds = 0; typeof offset === "number"; rounds++) {
    expect(rounds).toBeLessThan(20);
    expect(offset).toBeLessThanOrEqual(seen);
    const stdout = bytes.subarray(offset).toString();
    const result = {
      entries: [{ sequence: 2, stdout, stderr: "", stdout_truncated: false }],
      next_offset: null,
    };
    const input = { sequence: 2, stream: "stdout", offset };
    const { structured } = fitResult("workspace_logs", { input, result });
    seen = typeof structured["next_offset"] === "number" ? structured["next_offset"] : bytes.length;
    offset = structured["next_offset"];
  }
  expect(seen).toBe(bytes.length);
});

test("of many commands the last ones are kept, and the rest is a call away", () => {
  const entries = Array.from({ length: 200 }, (_, index) => ({
    sequence: index + 1,
    command: `step ${index + 1}`,
    stdout: lines(100),
    stdout_truncated: false,
  }));
  const { structured } = fitResult("workspace_logs", {
    ...SHORT,
    result: { count: 200, entries, next_offset: null },
  });
  const kept = structured["entries"];
  expect(kept).toEqual(
    expect.arrayContaining([expect.objectContaining({ sequence: 200, stdout_truncated: true })]),
  );
  expect(kept).not.toEqual(expect.arrayContaining([expect.objectContaining({ sequence: 1 })]));
  expect(Array.isArray(kept) && kept.length).toBeGreaterThan(5);
});

test("a long list of changes leaves the patch its share", () => {
  const entries = Array.from({ length: 3000 }, (_, index) => ({
    path: `src/file-${index}.ts`,
    status: "modified",
  }));
  const { structured } = fitResult("workspace_diff", {
    ...SHORT,
    result: { changed: true, entries, patch: lines(9000), patch_truncated: false },
  });
  expect(textOf(structured, "patch").length).toBeGreaterThan(4000);
  expect(Array.isArray(structured["entries"]) && structured["entries"].length).toBeGreaterThan(20);
  expect(structured["patch_truncated"]).toBe(true);
});

test("what a model sees holds nothing that reads differently from what it is", () => {
  const { structured, text } = fitResult("workspace_exec", {
    ...SHORT,
    result: exec("\u001b[2Jgone \u202eabc\u{e0041}\n"),
  });
  expect(structured["stdout"]).toBe("\\x1b[2Jgone \\u{202e}abc\\u{e0041}\n");
  expect(text).toContain("\\x1b[2Jgone");
});

test("every result fits, whatever it holds", () => {
  const value = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: "binary", maxLength: 15_000, size: "max" }),
      fc.array(tie("json"), { maxLength: 40 }),
      fc.dictionary(fc.string({ maxLength: 12 }), tie("json"), { maxKeys: 8 }),
    ),
  })).json;
  const results = fc.dictionary(
    fc.constantFrom("stdout", "content", "entries", "patch", "a", "truncated"),
    value,
  );
  fc.assert(
    fc.property(fc.constantFrom(...OPERATION_IDS), results, (id, result) => {
      const { structured, text } = fitResult(id, { ...SHORT, result: toJsonObject(result) });
      expect(text.length).toBeLessThanOrEqual(RESULT_MAX_CHARACTERS);
      expect(JSON.stringify(structured).length).toBeLessThanOrEqual(RESULT_MAX_CHARACTERS);
    }),
    { numRuns: 60 },
  );
});
