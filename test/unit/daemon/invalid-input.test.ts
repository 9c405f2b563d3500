import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeInvalidInput } from "../../../src/daemon/invalid-input.js";
import { OPERATION_IDS, SCHEMAS } from "../../../src/operations/registry.js";

function describeRefusal(schema: z.ZodType, input: unknown) {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error("the input is valid");
  return describeInvalidInput(parsed.error, input);
}

const run = (input: unknown) => describeRefusal(SCHEMAS.vm_run.input, input).message;

describe("one sentence says what is wrong", () => {
  test.each([
    ["a number out of range: field, value and bound", { command: "x", mem_mib: 1 }, /^mem_mib: 1 .*256/],
    [
      "a number out of range above",
      { command: "x", timeout_seconds: 90_000 },
      /^timeout_seconds: 90000 .*86400/,
    ],
    ["a wrong type", { command: "x", vcpu_count: "two" }, /^vcpu_count: "two" is not valid: .*number/],
    ["an unknown argument, by name", { command: "x", memory: 1, cpus: 2 }, "unknown argument: memory, cpus"],
    ["no object at all", "text", /^input: "text" is not valid: .*object/],
    ["nothing at all", undefined, "input is missing"],
  ])("about %s", (_, input, message) => {
    expect(run(input)).toMatch(message);
  });

  test("about a missing field", () => {
    expect(describeRefusal(SCHEMAS.vm_exec.input, { vm_id: "x" }).message).toBe("command is missing");
  });

  test("with the path of a value inside a list", () => {
    const schema = z.object({ secrets: z.array(z.object({ name: z.string() })) });
    expect(describeRefusal(schema, { secrets: [{ name: "a" }, { name: 5 }] }).message).toMatch(
      /^secrets\.1\.name: 5 /,
    );
  });

  test("that stays short when the value is long", () => {
    expect(run({ command: "x", environment: "y".repeat(100_000) }).length).toBeLessThan(300);
  });
});

test("programs get every issue with its path", () => {
  const error = describeRefusal(SCHEMAS.vm_run.input, { command: "x", mem_mib: 1, vcpu_count: 99 });
  expect(error.code).toBe("invalid_input");
  expect(error.details).toMatchObject({ issues: [{ path: "vcpu_count" }, { path: "mem_mib" }] });
});

test.each(OPERATION_IDS)("%s refuses an argument that it does not know, by name", (id) => {
  const { details } = describeRefusal(SCHEMAS[id].input, { no_such_argument: 1 });
  expect(JSON.stringify(details)).toContain("no_such_argument");
});
