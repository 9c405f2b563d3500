// What holds for every operation: words, flags and annotations name things that exist, and texts are short.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Operation } from "../../../src/operations/operation.js";
import { OPERATION_IDS, OPERATIONS } from "../../../src/operations/registry.js";

const ALL: readonly Operation[] = OPERATION_IDS.map((id) => OPERATIONS[id]);

const DESCRIPTION_MAX = 500;
const FIELD_MAX = 120;

/** The tools that a server offers by default. */
const CORE = [
  "vm_run",
  "workspace_create",
  "workspace_list",
  "workspace_update",
  "workspace_status",
  "workspace_sync_push",
  "workspace_exec",
  "workspace_logs",
  "workspace_summary",
  "workspace_file_list",
  "workspace_file_read",
  "workspace_file_write",
  "workspace_patch_apply",
  "workspace_diff",
  "workspace_export",
  "workspace_reset",
  "workspace_delete",
] as const;

/** A third of what a client may be asked to carry for all tools; results' schemas need the rest. */
const CORE_MAX_BYTES = 18 * 1024;

describe.each(ALL)("$id", ({ id, description, summary, effect, input, output, hostPaths, cli }) => {
  const fields = Object.keys(input.shape);

  test("is declared under its own id", () => {
    expect(OPERATIONS).toHaveProperty(id);
    expect(ALL.find((each) => each.id === id)?.output).toBe(output);
  });

  test("has short texts, and one for every input field", () => {
    expect(description.length).toBeLessThanOrEqual(DESCRIPTION_MAX);
    expect(description).toMatch(/\.$/);
    expect(summary).not.toMatch(/\.$|\n/);
    for (const [name, field] of Object.entries(input.shape)) {
      if (!(field instanceof z.ZodType)) throw new Error(`${name} has no schema`);
      expect(field.description?.length, name).toBeGreaterThan(5);
      expect(field.description?.length, name).toBeLessThanOrEqual(FIELD_MAX);
    }
  });

  test("names fields that there are", () => {
    const named = [
      ...(hostPaths ?? []).map((field) => field.replace(/\..*/, "")),
      ...(effect.destructiveWith ?? []),
      ...(cli?.positionals ?? []),
      ...(cli?.argvField ? [cli.argvField] : []),
      ...Object.keys(cli?.flags ?? {}),
      ...Object.keys(cli?.fileFlags ?? {}),
      ...Object.keys(cli?.pairFlags ?? {}),
      ...(cli?.bareKeys ?? []),
    ];
    expect(fields).toEqual(expect.arrayContaining(named));
    if (cli?.only) expect(Object.keys(output.shape)).toContain(cli.only.field);
  });

  test("has examples of its own command", () => {
    for (const example of cli?.examples ?? [])
      expect(example).toContain(`pyro ${cli?.words.join(" ") ?? ""}`);
  });

  test("has an effect that does not contradict itself", () => {
    if (effect.readOnly) expect(effect).toMatchObject({ destructive: false, idempotent: true });
  });
});

test("the default tools' inputs and texts are small enough for a client to carry them all", () => {
  const tools = CORE.map((id) => {
    const { description, input }: Operation = OPERATIONS[id];
    return { name: id, description, inputSchema: z.toJSONSchema(input, { io: "input" }) };
  });
  expect(JSON.stringify(tools).length).toBeLessThanOrEqual(CORE_MAX_BYTES);
});

test("what ends in a throw-away guest is not destructive; replacing files of the host is", () => {
  // A push gives an image's name to another image.
  expect(ALL.filter(({ effect }) => effect.destructive).map(({ id }) => id)).toEqual(["snapshot_export"]);
  expect(OPERATIONS.workspace_export.effect.destructiveWith).toEqual(["force"]);
});
