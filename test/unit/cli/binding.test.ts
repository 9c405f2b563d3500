import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { addFlags, formatExamples, positionalSyntax, readInput } from "../../../src/cli/binding.js";
import { PyroError } from "../../../src/contract/errors.js";
import type { CliBinding, Operation } from "../../../src/operations/operation.js";
import { OPERATION_IDS, OPERATIONS, SCHEMAS } from "../../../src/operations/registry.js";

const INPUT = z.strictObject({
  target: z.string().describe("What it is about"),
  place: z.string().optional().describe("Where"),
  mem_mib: z.int().min(256).max(1024).default(512).describe("Memory in MiB"),
  source: z.enum(["oci", "packages"]).optional().describe("From where"),
  dry_run: z.boolean().default(false).describe("Only look"),
  labels: z.record(z.string(), z.string()).default({}).describe("Labels"),
  clear_labels: z.array(z.string()).default([]).describe("Keys of labels"),
  include_patch: z.boolean().default(true).describe("Return the patch"),
  command: z.array(z.string()).describe("What runs"),
});
const CLI: CliBinding = {
  words: ["do"],
  positionals: ["target", "place"],
  argvField: "command",
  flags: { labels: "label", clear_labels: "clear-label", include_patch: "patch" },
  examples: ["pyro do x -- ls"],
};
const GUEST = ["ls", "-l", "a b"];

function makeCommand(input: z.ZodObject, cli: CliBinding): Command {
  const command = new Command("do").exitOverride().configureOutput({ writeErr: () => undefined });
  addFlags(command, input, cli);
  return command;
}

function parse(own: readonly string[]) {
  const command = makeCommand(INPUT, CLI).parse(own, { from: "user" });
  return readInput(command, INPUT, CLI, GUEST);
}

describe("the user's words become an input", () => {
  test("with nothing that the user did not say: defaults are the schema's", () => {
    expect(parse(["x"])).toEqual({ target: "x", command: GUEST });
  });

  test("with flags on either side of the positionals", () => {
    const expected = { target: "x", place: "y", mem_mib: 300, dry_run: true, source: "oci", command: GUEST };
    const flags = ["--mem-mib", "300", "--dry-run", "--source=oci"];
    expect(parse([...flags, "x", "y"])).toEqual(expected);
    expect(parse(["x", ...flags, "y"])).toEqual(expected);
    expect(parse(["x", "y", ...flags])).toEqual(expected);
  });

  test("with pairs, of which the value may hold anything", () => {
    const flags = ["--label", "a=1", "--label=b=x=y z", "--label", "c=", "--label", "a=2"];
    expect(parse(["x", ...flags])["labels"]).toEqual({ a: "2", b: "x=y z", c: "" });
  });

  test("with a list, one by one", () => {
    expect(parse(["x", "--clear-label", "a", "--clear-label=b"])["clear_labels"]).toEqual(["a", "b"]);
  });

  test("with what is on by default, turned off", () => {
    expect(parse(["x", "--no-patch"])["include_patch"]).toBe(false);
  });

  test("--json is no part of it", () => {
    expect(parse(["x", "--json"])).toEqual({ target: "x", command: GUEST });
  });

  test("a number that is none goes on as it was typed, for the schema to name it", () => {
    for (const text of ["many", "", "12MB", "NaN", "Infinity"]) {
      expect(parse(["x", `--mem-mib=${text}`])["mem_mib"]).toBe(text);
    }
    expect(parse(["x", "--mem-mib", "-5"])["mem_mib"]).toBe(-5);
    expect(parse(["x", "--mem-mib", "1.5"])["mem_mib"]).toBe(1.5);
  });
});

describe("wrong usage is refused", () => {
  test.each(["novalue", "=value", ""])("a pair that is none: %j, by the name of its flag", (text) => {
    expect(() => parse(["x", "--label", text])).toThrow(
      `--label ${text}: a key, \`=\` and a value are needed`,
    );
  });

  test.each([
    ["a missing positional", []],
    ["one positional too many", ["x", "y", "z"]],
    ["an unknown flag", ["x", "--memory", "1"]],
    ["a flag without its value", ["x", "--mem-mib"]],
    ["a value that is no choice", ["x", "--source", "ftp"]],
  ])("%s", (_, own) => expect(() => parse(own)).toThrow(/^error: /));

  test.each([[undefined], [[]]])("a guest's command of %j, with an example of how to give it", (guest) => {
    const command = makeCommand(INPUT, CLI).parse(["x"], { from: "user" });
    const failure = new PyroError("invalid_input", "the guest's command is missing", {
      hint: "It goes after `--`, for example: pyro do x -- ls",
    });
    expect(() => readInput(command, INPUT, CLI, guest)).toThrow(failure);
  });

  test("something after -- where nothing belongs", () => {
    const cli: CliBinding = { words: ["env", "list"], examples: ["pyro env list"] };
    const input = z.strictObject({});
    expect(() => readInput(makeCommand(input, cli), input, cli, ["ls"])).toThrow(
      "env list takes nothing after `--`",
    );
  });
});

describe("help", () => {
  const help = makeCommand(INPUT, CLI).helpInformation().replaceAll(/\s+/g, " ");

  test.each([
    "target What it is about",
    "--mem-mib <n> Memory in MiB (default: 512)",
    "--dry-run Only look (default: false)",
    '--source <source> From where (choices: "oci", "packages")',
    "--label <key=value> Labels; can be given several times",
    "--clear-label <clear-label> Keys of labels; can be given several times",
    "--no-patch Do not return the patch",
    "--json Print one JSON document",
  ])("says %s", (line) => expect(help).toContain(line));

  test("does not offer the guest's command as a flag", () => {
    expect(help).not.toContain("--command");
  });

  test("shows which positionals are needed, and where the guest's command goes", () => {
    expect(positionalSyntax(INPUT, CLI)).toBe("TARGET [PLACE] [options] -- COMMAND [ARGS...]");
    expect(positionalSyntax(z.strictObject({}), { words: ["x"], examples: ["x"] })).toBe("[options]");
  });

  test("ends with examples", () => {
    expect(formatExamples(["pyro a", "pyro b"])).toBe("\nExamples:\n  pyro a\n  pyro b");
  });
});

const COMMANDS = OPERATION_IDS.flatMap((id) => {
  const operation: Operation = OPERATIONS[id];
  return operation.cli ? [{ id, input: operation.input, cli: operation.cli }] : [];
});

describe.each(COMMANDS)("the command of $id", ({ id, input, cli }) => {
  test("has a description for every flag and positional", () => {
    const command = makeCommand(input, cli);
    for (const { description } of [...command.options, ...command.registeredArguments]) {
      expect(description).toMatch(/^\S.{5,}/);
    }
  });

  test("makes an input that the operation takes", () => {
    const words = (cli.positionals ?? []).map(() => "word");
    const texts = Object.keys(cli.fileFlags ?? {}).map((field) => `--${field}=text`);
    const needed = makeCommand(input, cli).options.filter(({ mandatory }) => mandatory);
    const flags = needed.map(({ long }) => `${long ?? ""}=value`);
    const command = makeCommand(input, cli).parse([...words, ...texts, ...flags], { from: "user" });
    const given = readInput(command, input, cli, cli.argvField ? GUEST : undefined);
    expect(SCHEMAS[id].input.safeParse(given).error).toBeUndefined();
  });
});
