// What is read of Codex's own configuration.

import { expect, test } from "vitest";
import { readTableSettings } from "../../../src/hosts/codex-config.js";

const CONFIG = `model = "some"

[mcp_servers.other]
required = false

[mcp_servers.pyro] # ours
default_tools_approval_mode = "approve"
required=true
args = [
  "mcp",
]

[mcp_servers.pyro.env]
PYRO_POOL = "0"
`;

test("settings of the server's own table are found, others are not", () => {
  expect(Object.fromEntries(readTableSettings(CONFIG))).toEqual({
    default_tools_approval_mode: '"approve"',
    required: "true",
    args: "[",
  });
});

test.each(["", 'model = "some"\n', "[mcp_servers.pyro]"])("there are none in %j", (config) => {
  expect(readTableSettings(config).size).toBe(0);
});
