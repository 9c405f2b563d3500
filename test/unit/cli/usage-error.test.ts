import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { findCommandWords } from "../../../src/cli/command-words.js";
import { HumanOutput } from "../../../src/cli/human-output.js";
import { buildProgram } from "../../../src/cli/program.js";
import { findBinding } from "../../../src/cli/find-operation.js";
import { describeUsage } from "../../../src/cli/usage-error.js";

const program = buildProgram({
  output: new HumanOutput(process.stdout, process.stderr),
  guest: undefined,
  signal: new AbortController().signal,
  setStatus: () => undefined,
});

function describe(code: string, message: string, ...own: string[]) {
  const words = findCommandWords(program, own);
  const { message: what, hint } = describeUsage(
    new CommanderError(1, code, message),
    words,
    findBinding(own),
  );
  return { what, hint };
}

test("a missing id is named, with the command's own help and example", () => {
  expect(
    describe(
      "commander.missingArgument",
      "error: missing required argument 'workspace_id'",
      "workspace",
      "stop",
    ),
  ).toEqual({
    what: "missing required argument 'workspace_id'",
    hint: "See `pyro workspace stop --help`. For example: pyro workspace stop fix-parser",
  });
});

test("a misspelt flag: what was meant is the hint", () => {
  const message = "error: unknown option '--labl'\n(Did you mean --label?)";
  expect(describe("commander.unknownOption", message, "workspace", "create")).toEqual({
    what: "unknown option '--labl'",
    hint: "Did you mean --label?",
  });
});

test("one word too many: where the guest's command goes, when there is one", () => {
  const message = "error: too many arguments for 'exec'. Expected 1 argument but got 2.";
  expect(describe("commander.excessArguments", message, "workspace", "exec", "ws", "ls").hint).toBe(
    "What the guest executes goes after `--`, for example: pyro workspace exec fix-parser -- git status --short",
  );
  expect(describe("commander.excessArguments", message, "workspace", "stop", "a", "b").hint).toContain(
    "pyro workspace stop --help",
  );
});

test("a command that is no operation: its own help, and nothing about guests", () => {
  const message = "error: command-argument value 'opencode' is invalid for argument 'host'.";
  expect(describe("commander.invalidArgument", message, "host", "connect", "opencode").hint).toBe(
    "See `pyro host connect --help`.",
  );
  const excess = "error: too many arguments for 'demo'. Expected 0 arguments but got 1.";
  expect(describe("commander.excessArguments", excess, "demo", "foo").hint).toBe("See `pyro demo --help`.");
});

test("a command without its group: where it is, whatever else sounds alike", () => {
  const message = "error: unknown command 'create'\n(Did you mean prepare?)";
  expect(describe("commander.unknownCommand", message, "create").hint).toBe(
    "Did you mean `pyro workspace create`?",
  );
  expect(describe("commander.unknownCommand", "error: unknown command 'list'", "list").hint).toBe(
    "Did you mean `pyro env list` or `pyro workspace list`?",
  );
});

test("`--` forgotten before a command with --version: an error, not pyro's version", async () => {
  const failure = program.parseAsync(["run", "debian:12", "git", "--version"], { from: "user" });
  await expect(failure).rejects.toMatchObject({ code: "commander.unknownOption" });
});

test("an unknown command", () => {
  expect(describe("commander.unknownCommand", "error: unknown command 'x'", "x").hint).toBe(
    "See `pyro --help`, or --help after any command.",
  );
});
