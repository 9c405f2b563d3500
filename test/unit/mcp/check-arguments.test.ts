import { describe, expect, test } from "vitest";
import type { ServeOptions } from "../../../src/contract/serve-options.js";
import { checkArguments } from "../../../src/mcp/check-arguments.js";
import { toolsOf } from "./offered.js";

function check(name: string, input: Record<string, unknown>, options: ServeOptions = {}): void {
  const tool = toolsOf(options).get(name);
  if (!tool) throw new Error(`${name} is not offered`);
  checkArguments(tool, input);
}

describe("an argument that the tool does not have", () => {
  test("is named, with the nearest one that it has", () => {
    expect(() => check("workspace_exec", { workspace_id: "a", comand: "ls" })).toThrow(
      "unknown argument: comand; did you mean command?",
    );
  });

  test("is named without a suggestion when none is near", () => {
    expect(() => check("workspace_exec", { workspace_id: "a", command: "ls", colour: true })).toThrow(
      /^unknown argument: colour$/,
    );
  });

  test("is shown by its beginning when it is long", () => {
    expect(() => check("workspace_list", { ["x".repeat(100_000)]: 1 })).toThrow(/^unknown argument: x{60}$/);
  });

  test("is told of together with those that there are", () => {
    expect(() => check("workspace_delete", { id: "a" })).toThrow(
      expect.objectContaining({ code: "invalid_input", hint: "workspace_delete takes: workspace_id." }),
    );
  });
});

test("the way to the host is refused by a server that was not started so", () => {
  expect(() => check("workspace_create", { allow_host_compat: true })).toThrow(
    "allow_host_compat cannot be given: only the one who starts the server can allow that, by --allow-host-compat",
  );
  expect(() =>
    check("workspace_create", { allow_host_compat: true }, { allowHostCompat: true }),
  ).not.toThrow();
});

test("a network is refused where the server does not offer one", () => {
  const egress = { network_policy: "egress" };
  expect(() => check("vm_run", { command: "true", network: true })).toThrow("this server does not offer it");
  expect(() => check("workspace_create", egress, { mode: "inspect" })).toThrow("does not offer it");
  expect(() => check("workspace_create", egress, { profile: "workspace-full" })).not.toThrow();
});

test("a missing argument is named", () => {
  expect(() => check("workspace_exec", { workspace_id: "a" })).toThrow("command is missing");
});

test("a text that is larger than an argument may be is refused with its size", () => {
  const text = "é".repeat(600_000);
  expect(() => check("workspace_file_write", { workspace_id: "a", path: "b", text })).toThrow(
    "text has 1200000 bytes; at most 1048576 are allowed",
  );
  expect(() =>
    check("workspace_patch_apply", { workspace_id: "a", patch: "x".repeat(1 << 20) }),
  ).not.toThrow();
});
