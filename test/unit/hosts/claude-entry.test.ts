import { describe, expect, test } from "vitest";
import { parseClaudeEntry } from "../../../src/hosts/claude-entry.js";

// As Claude Code 2.1.330 prints it.
const CONNECTED = `pyro:
  Scope: User config (available in all your projects)
  Status: ✔ Connected
  Type: stdio
  Command: /usr/bin/node
  Args: /opt/pyro/bin/pyro mcp serve --mode repro-fix
  Environment:
    PYRO_STATE_DIR=/home/me/my state
    OPTIONS=a=b

To remove this server, run: claude mcp remove pyro -s user
`;

describe("parseClaudeEntry", () => {
  test("reads scope, command, arguments, variables and what Claude Code says of the connection", () => {
    expect(parseClaudeEntry(CONNECTED)).toEqual({
      location: "user",
      command: "/usr/bin/node",
      argumentLine: "/opt/pyro/bin/pyro mcp serve --mode repro-fix",
      env: { PYRO_STATE_DIR: "/home/me/my state", OPTIONS: "a=b" },
      enabled: true,
      status: "✔ Connected",
    });
  });

  test("reads an entry without arguments or variables, and why it does not connect", () => {
    const text = `pyro:
  Scope: Local config (private to you in this project)
  Status: ✘ Failed to connect
  Issue: CONNECTION_CLOSED: Connection closed
  Type: stdio
  Command: false
  Args:
`;
    expect(parseClaudeEntry(text)).toEqual({
      location: "local",
      command: "false",
      argumentLine: "",
      env: {},
      enabled: true,
      status: "✘ Failed to connect (CONNECTION_CLOSED: Connection closed)",
    });
  });

  test("reads an address as an entry without a command", () => {
    const text = `pyro:
  Scope: User config (available in all your projects)
  Status: ✘ Failed to connect
  Type: http
  URL: http://127.0.0.1:1/mcp
`;
    expect(parseClaudeEntry(text)).toMatchObject({
      command: undefined,
      argumentLine: "http://127.0.0.1:1/mcp",
    });
  });

  test("is undefined for a text that is no entry", () => {
    expect(parseClaudeEntry("Configuration error in /home/me/.claude.json\n")).toBeUndefined();
    expect(parseClaudeEntry("")).toBeUndefined();
  });
});
