import fc from "fast-check";
import { parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { mergeOpencodeConfig, newOpencodeConfig } from "../../../src/hosts/opencode-config.js";
import type { ServerCommand } from "../../../src/hosts/server-command.js";

const COMMAND: ServerCommand = { command: "/usr/bin/node", args: ["/opt/bin/pyro", "mcp", "serve"], env: {} };
const ENTRY = { type: "local", enabled: true, command: ["/usr/bin/node", "/opt/bin/pyro", "mcp", "serve"] };

const merge = (text: string, command = COMMAND): unknown => parse(mergeOpencodeConfig(text, command) ?? "");

describe("newOpencodeConfig", () => {
  test("is a configuration with nothing but our entry", () => {
    expect(JSON.parse(newOpencodeConfig(COMMAND))).toEqual({
      $schema: "https://opencode.ai/config.json",
      mcp: { pyro: ENTRY },
    });
  });
});

describe("mergeOpencodeConfig", () => {
  test("keeps comments, other keys, trailing commas and the indentation", () => {
    const text = `{
\t// The model that we like.
\t"model": "local/model", /* here */
\t"mcp": {
\t\t"other": { "type": "remote", "url": "http://127.0.0.1/mcp" }, // ours comes next
\t},
}
`;
    const merged = mergeOpencodeConfig(text, COMMAND) ?? "";
    for (const kept of ["// The model that we like.", "/* here */", "// ours comes next"]) {
      expect(merged).toContain(kept);
    }
    expect(merged).toContain('\n\t\t"pyro": {\n\t\t\t"type": "local"');
    expect(parse(merged)).toMatchObject({
      model: "local/model",
      mcp: { other: { type: "remote" }, pyro: ENTRY },
    });
  });

  test("keeps line ends as they are", () => {
    const merged = mergeOpencodeConfig('{\r\n  "model": "m"\r\n}\r\n', COMMAND) ?? "";
    expect(merged.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("changes in an entry only what is ours: a timeout, a comment, the user's variables stay", () => {
    const text = `{
  "mcp": {
    "pyro": {
      "type": "local",
      "enabled": false,
      "command": ["/gone/node", "/opt/bin/pyro", "mcp", "serve"],
      "timeout": 60000, // slow machine
      "environment": { "HTTPS_PROXY": "http://proxy:3128", "PYRO_STATE_DIR": "/old", "PYRO_POOL": "0" }
    }
  }
}`;
    const env = { PYRO_STATE_DIR: "/new" };
    const merged = mergeOpencodeConfig(text, { ...COMMAND, env }) ?? "";
    expect(merged).toContain("// slow machine");
    expect(parse(merged)).toEqual({
      mcp: {
        pyro: {
          ...ENTRY,
          timeout: 60_000,
          environment: { HTTPS_PROXY: "http://proxy:3128", PYRO_STATE_DIR: "/new" },
        },
      },
    });
  });

  test("replaces an entry of another type as a whole", () => {
    expect(merge('{"mcp": {"pyro": {"type": "remote", "url": "http://127.0.0.1"}}}')).toEqual({
      mcp: { pyro: ENTRY },
    });
  });

  test.each([
    ["no JSON", "{ bad"],
    ["no object", "[]"],
    ["servers that are no object", '{"mcp": []}'],
    ["no servers at all", '{"mcp": null}'],
  ])("is undefined for what is no configuration: %s", (_what, text) => {
    expect(mergeOpencodeConfig(text, COMMAND)).toBeUndefined();
  });

  test("merging into any configuration gives exactly our entry, and once more changes nothing", () => {
    const variables = fc.dictionary(
      fc.constantFrom("PYRO_STATE_DIR", "PYRO_POOL"),
      fc.stringMatching(/^\w+$/),
    );
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { type: fc.constant("local"), environment: variables, timeout: fc.nat() },
        { requiredKeys: ["type"] },
      ),
    );
    const config = fc.record(
      { model: fc.jsonValue(), mcp: fc.record({ pyro: entry, other: fc.jsonValue() }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(config, fc.constantFrom(undefined, 2, "\t"), variables, (before, indent, env) => {
        const text = JSON.stringify(before, undefined, indent);
        const merged = mergeOpencodeConfig(text, { ...COMMAND, env }) ?? "";
        const after: unknown = JSON.parse(merged);
        expect(after).toMatchObject({
          mcp: { pyro: { ...ENTRY, ...(Object.keys(env).length > 0 && { environment: env }) } },
        });
        expect(after).toMatchObject(
          JSON.parse(JSON.stringify({ ...before, mcp: { ...before.mcp, pyro: {} } })),
        );
        expect(mergeOpencodeConfig(merged, { ...COMMAND, env })).toBe(merged);
      }),
    );
  });
});
