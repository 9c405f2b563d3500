import { describe, expect, test } from "vitest";
import type { ServeOptions } from "../../../../src/contract/serve-options.js";
import { isJsonObject, type Json } from "../../../../src/mcp/json.js";
import { findOffer } from "../../../../src/mcp/offers/find-offer.js";
import type { ToolDefinition } from "../../../../src/mcp/tools/offered-tool.js";
import { definitionsOf, EVERY_SERVER } from "../offered.js";

const KIB = 1024;

function toolOf(options: ServeOptions, name: string): ToolDefinition {
  const found = definitionsOf(options).find((tool) => tool.name === name);
  if (!found) throw new Error(`${name} is not offered`);
  return found;
}

/** Every object and array inside a schema, itself included. */
function inside(schema: Json): Json[] {
  const children = Array.isArray(schema) ? schema : isJsonObject(schema) ? Object.values(schema) : [];
  return [schema, ...children.flatMap(inside)];
}

describe.each(EVERY_SERVER)("%s", (name, options) => {
  const tools = definitionsOf(options);

  test("lists what it listed before", async () => {
    await expect(`${JSON.stringify({ tools }, undefined, 2)}\n`).toMatchFileSnapshot(
      `snapshots/${name}.snap`,
    );
  });

  test("lists the same bytes again", () => {
    expect(JSON.stringify(definitionsOf(options))).toBe(JSON.stringify(tools));
  });

  test("takes plain objects whose every argument is described", () => {
    for (const { inputSchema } of tools) {
      expect(Object.keys(inputSchema)).toEqual(
        expect.arrayContaining(["type", "properties", "additionalProperties"]),
      );
      expect(inputSchema).not.toHaveProperty("anyOf");
      for (const property of Object.values(inputSchema.properties)) {
        expect(property).toHaveProperty("description", expect.stringMatching(/\w/));
      }
    }
  });

  test("has no reference in a schema", () => {
    const objects = tools.flatMap(({ inputSchema, outputSchema }) => [
      ...inside(inputSchema.properties),
      ...inside(outputSchema),
    ]);
    expect(objects.filter((each) => isJsonObject(each) && "$ref" in each)).toEqual([]);
  });

  test("keeps its words short", () => {
    expect(Buffer.byteLength(findOffer(options).instructions)).toBeLessThanOrEqual(2 * KIB);
    for (const { description } of tools) {
      expect(Buffer.byteLength(description)).toBeLessThanOrEqual(2 * KIB);
    }
  });

  test("names no command of the terminal, which a model does not have", () => {
    const words = JSON.stringify(tools) + findOffer(options).instructions;
    expect(words).not.toMatch(/`pyro /);
  });

  test("says of each tool all four things that decide about a call", () => {
    for (const { annotations } of tools) {
      expect(Object.values(annotations)).toHaveLength(4);
    }
  });
});

test.each([
  ["workspace-core", 24],
  ["workspace-full", 60],
  ["repro-fix", 20],
  ["inspect", 20],
  ["cold-start", 20],
  ["review-eval", 20],
])("%s lists its tools in %i KB", (name, kilobytes) => {
  const [, options] = EVERY_SERVER.find(([each]) => each === name) ?? ["", {}];
  expect(Buffer.byteLength(JSON.stringify({ tools: definitionsOf(options) }))).toBeLessThanOrEqual(
    kilobytes * 1000,
  );
});

describe("arguments", () => {
  test("are withheld where the offer says so", () => {
    const names = (options: ServeOptions, tool: string) =>
      Object.keys(toolOf(options, tool).inputSchema.properties);
    expect(names({}, "workspace_create")).not.toContain("network_policy");
    expect(names({ mode: "inspect" }, "workspace_create")).not.toContain("network_policy");
    expect(names({}, "workspace_export")).not.toContain("force");
    expect(names({ profile: "workspace-full" }, "workspace_export")).toContain("force");
  });

  test("allow the host only on a server that was started so", () => {
    const names = (options: ServeOptions) => Object.keys(toolOf(options, "vm_run").inputSchema.properties);
    expect(names({})).not.toContain("allow_host_compat");
    expect(names({ allowHostCompat: true })).toContain("allow_host_compat");
  });

  test("have the server's environment as default", () => {
    const { properties } = toolOf({ environment: "debian:12-build" }, "workspace_create").inputSchema;
    expect(properties["environment"]).toHaveProperty("default", "debian:12-build");
  });
});

describe("annotations", () => {
  test("call an export destructive only where it can replace something", () => {
    expect(toolOf({}, "workspace_export").annotations.destructiveHint).toBe(false);
    expect(toolOf({ profile: "workspace-full" }, "workspace_export").annotations.destructiveHint).toBe(true);
  });

  test("call a look read-only, and work inside a guest closed", () => {
    expect(toolOf({}, "workspace_diff").annotations).toMatchObject({
      readOnlyHint: true,
      idempotentHint: true,
    });
    expect(toolOf({}, "workspace_exec").annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: false,
    });
  });
});

describe("a network", () => {
  const argumentsOf = (options: ServeOptions, tool: string) =>
    Object.keys(toolOf(options, tool).inputSchema.properties);

  test.each([
    [{ profile: "workspace-full" }, true],
    [{ mode: "cold-start" }, true],
    [{}, false],
    [{ mode: "inspect" }, false],
    [{ mode: "repro-fix" }, false],
    [{ mode: "review-eval" }, false],
  ] as const)("can be asked for with %j: %s, and then commands reach the world", (options, isOffered) => {
    expect(argumentsOf(options, "workspace_create").includes("network_policy")).toBe(isOffered);
    for (const tool of ["workspace_create", "workspace_exec"]) {
      expect(toolOf(options, tool).annotations.openWorldHint).toBe(isOffered);
    }
    expect(toolOf(options, "workspace_summary").annotations.openWorldHint).toBe(false);
  });

  test("is for single commands in vm-run and workspace-full", () => {
    for (const profile of ["vm-run", "workspace-full"] as const) {
      expect(argumentsOf({ profile }, "vm_run")).toContain("network");
      expect(toolOf({ profile }, "vm_run").annotations.openWorldHint).toBe(true);
    }
    expect(argumentsOf({}, "vm_run")).not.toContain("network");
    expect(toolOf({}, "vm_run").annotations.openWorldHint).toBe(false);
  });
});

describe("workspace_create says what it starts with", () => {
  const describe = (source: Parameters<typeof definitionsOf>[1]) =>
    definitionsOf({}, source).find(({ name }) => name === "workspace_create")?.description ?? "";

  test("a path", () => {
    const text = describe({ kind: "path", path: "/srv/pro\u001bject", namedBy: "the working directory" });
    expect(text).toContain("Without `seed_path` it starts with /srv/pro\\x1bject.");
  });

  test("a repository, without the password to it", () => {
    const text = describe({ kind: "repository", url: "https://user:secret@example.com/x.git", ref: "v2" });
    expect(text).toContain("a clean clone of https://example.com/x.git at v2.");
    expect(text).not.toContain("secret");
  });

  test("a path by its end, when it is long", () => {
    const text = describe({
      kind: "path",
      path: `/${"deep/".repeat(800)}project`,
      namedBy: "--project-path",
    });
    expect(text).toMatch(/starts with ….*deep\/project\.$/);
    expect(text.length).toBeLessThan(1000);
  });

  test("what the client will name", () => expect(describe({ kind: "client" })).toContain("its first root"));
  test("nothing", () => expect(describe({ kind: "none" })).toContain("it starts empty"));
});
