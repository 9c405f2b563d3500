// The flags about secrets: pairs that become objects of a list, and keys that may stand alone.

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addFlags, readInput } from "../../../src/cli/binding.js";
import { workspaceCreate } from "../../../src/operations/workspace-create.js";
import { workspaceExec } from "../../../src/operations/workspace-exec.js";

function parse({ input, cli }: typeof workspaceCreate | typeof workspaceExec, words: readonly string[]) {
  if (!cli) throw new Error("the operation is no command");
  const command = new Command("do").exitOverride().configureOutput({ writeErr: () => undefined });
  addFlags(command, input, cli);
  command.parse(words, { from: "user" });
  return readInput(command, input, cli, cli.argvField === undefined ? undefined : ["true"]);
}

describe("secrets", () => {
  test("are literal or from a file, and a value may hold anything", () => {
    const words = ["--secret", "A=x=y z", "--secret-file=KEY=~/a=b", "--secret", "EMPTY="];
    expect(parse(workspaceCreate, words)).toEqual({
      secrets: [
        { name: "A", value: "x=y z" },
        { name: "EMPTY", value: "" },
        { name: "KEY", file_path: "~/a=b" },
      ],
    });
  });

  test("of a wrong form are refused without a word of them", () => {
    expect(() => parse(workspaceCreate, ["--secret", "hunter2"])).toThrow(
      /^--secret: a key, `=` and a value are needed$/,
    );
  });

  test("go into a variable of their own name, or of another", () => {
    expect(parse(workspaceExec, ["ws", "--secret-env", "A", "--secret-env", "B=C"])).toMatchObject({
      secret_env: { A: "A", B: "C" },
    });
  });
});
