import { expect, test } from "vitest";
import { nameCommands } from "../../../src/cli/command-names.js";
import { OPERATIONS } from "../../../src/operations/registry.js";

test("an operation's id becomes its command; other words stay", () => {
  expect(nameCommands("Retry with workspace_reset; `max_bytes` and vm_create stay.")).toBe(
    "Retry with `pyro workspace reset`; `max_bytes` and vm_create stay.",
  );
});

test("no help names a tool that the command line does not have", () => {
  for (const operation of Object.values(OPERATIONS)) {
    if (!("cli" in operation)) continue;
    expect(nameCommands(operation.description)).not.toMatch(/\b(workspace|snapshot|vm)_\w+/);
  }
});
