import { expect, test } from "vitest";
import { failureStatus } from "../../../src/cli/failure-status.js";
import { findBinding } from "../../../src/cli/find-operation.js";
import { PyroError } from "../../../src/contract/errors.js";

const EXEC = ["workspace", "exec", "ws", "--cwd", "src"];
const lost = new PyroError("workspace_not_found", "gone");

test.each([["run"], EXEC])("%s answers 125 when pyro itself failed: 3 could be the command's", (...own) => {
  expect(failureStatus(findBinding(own), lost)).toBe(125);
});

test.each([
  ["workspace", "status", "ws"],
  ["workspace", "file", "read", "ws", "exec"],
  ["daemon", "logs"],
])("any other command answers with the failure's own status: %s", (...own) => {
  expect(failureStatus(findBinding(own), lost)).toBe(3);
});

test("wrong usage and Ctrl-C are told apart from both", () => {
  expect(failureStatus(findBinding(EXEC), new PyroError("invalid_input", "?"))).toBe(2);
  expect(failureStatus(findBinding(EXEC), new PyroError("cancelled", "^C"))).toBe(130);
});
