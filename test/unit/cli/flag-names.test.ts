import { expect, test } from "vitest";
import { nameFlags } from "../../../src/cli/flag-names.js";
import { listFields } from "../../../src/cli/fields.js";
import { OPERATIONS, type OperationId } from "../../../src/operations/registry.js";
import type { Operation } from "../../../src/operations/operation.js";

function nameFlagsOf(id: OperationId, text: string): string {
  const { input, cli }: Operation = OPERATIONS[id];
  if (!cli) throw new Error(`${id} is no command`);
  return nameFlags(text, input, cli);
}

test("a field between backticks becomes its flag, also one of another name; other words stay", () => {
  const text = "One of `ready_tcp`; `published_ports` need a policy; `service_name` and `state` stay.";
  expect(nameFlagsOf("service_start", text)).toBe(
    "One of `--ready-tcp`; `--publish` need a policy; `service_name` and `state` stay.",
  );
});

test("a field that is true by default becomes the flag that denies it", () => {
  expect(nameFlagsOf("shell_write", "`append_newline: false`")).toBe("`--no-newline`");
});

test("no help names a field where it means a flag", () => {
  const operations: readonly Operation[] = Object.values(OPERATIONS);
  for (const { cli, input, description } of operations) {
    if (!cli) continue;
    const named = nameFlags(description, input, cli);
    for (const { name } of listFields(input)) {
      if (!cli.positionals?.includes(name)) expect(named).not.toContain(`\`${name}\``);
    }
  }
});
