import { describe, expect, test } from "vitest";
import { PyroError } from "../../../../src/contract/errors.js";
import { toFailure } from "../../../../src/mcp/results/failure.js";
import { nameTools } from "../../../../src/mcp/results/name-tools.js";
import { toolsOf } from "../offered.js";

const CORE = toolsOf({});

describe("a failure", () => {
  test("has its code, what happened and the next step, in both forms", () => {
    const { structured, text } = toFailure(
      new PyroError("workspace_not_found", "there is no workspace x"),
      CORE,
    );
    expect(structured).toEqual({
      error: {
        code: "workspace_not_found",
        message: "there is no workspace x",
        hint: "See workspace_list.",
        retryable: false,
      },
    });
    for (const fact of ["workspace_not_found", "there is no workspace x", "See workspace_list."]) {
      expect(text).toContain(fact);
    }
  });

  test("brings its facts along", () => {
    const details = { could_stop: [{ workspace_id: "ws_a", name: "one" }] };
    const { structured } = toFailure(new PyroError("vm_limit_reached", "too many", { details }), CORE);
    expect(structured).toMatchObject({ error: { details } });
  });

  test("stays short with endless words and facts", () => {
    const details = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`fact_${index}`, "x".repeat(900)]),
    );
    const error = new PyroError("internal", "y".repeat(1_000_000), { hint: "z".repeat(100_000), details });
    const { structured, text } = toFailure(error, CORE);
    expect(JSON.stringify(structured).length).toBeLessThan(10_000);
    expect(text.length).toBeLessThan(10_000);
  });

  test("shows nothing that could drive or mislead its reader", () => {
    const { structured } = toFailure(
      new PyroError("internal", "a\u001b[2J\u202eb", { details: { c: "\u009b" } }),
      CORE,
    );
    expect(structured).toMatchObject({ error: { message: "a\\x1b[2J\\u{202e}b", details: { c: "\\x9b" } } });
  });
});

describe("a hint names", () => {
  test.each([
    ["See `pyro workspace list`.", "See workspace_list."],
    ["Get it out with `pyro workspace export ID PATH --output FILE`.", "Get it out with workspace_export."],
    [
      "List what is there with `pyro workspace file list ID`.",
      "List what is there with workspace_file_list.",
    ],
    ["Give the guest more memory with --mem-mib.", "Give the guest more memory with `mem_mib`."],
  ])("tools for commands: %s", (text, named) => expect(nameTools(text, CORE)).toBe(named));

  test.each([
    "Run `pyro doctor` to see what is missing.",
    "See `pyro workspace snapshot list ID`.",
    "Use --repo-url.",
  ])("commands of the user's as they are: %s", (text) => expect(nameTools(text, CORE)).toBe(text));
});
