import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCommand, guestArgv } from "../../../src/fleet/guest-command.js";

function execute(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = "", ...args] = argv;
  return spawnSync(program, args, { encoding: "utf8", env: { PATH: "/usr/bin:/bin", ...env } });
}

describe("guestArgv", () => {
  test("a vector is executed as it is", () => {
    const argv = ["printf", "%s", "$HOME *"];
    expect(guestArgv(argv)).toEqual(argv);
  });

  test("a string is for the shell that the agent finds", () => {
    expect(guestArgv("x=(a b); echo $0")).toEqual(["", "-c", "x=(a b); echo $0"]);
  });
});

describe("formatCommand", () => {
  test("leaves a string as it is", () => {
    expect(formatCommand("echo  'a'; ls")).toBe("echo  'a'; ls");
  });

  test("quotes only what a shell would change", () => {
    expect(formatCommand(["git", "log", "--format=%H", "a b", "it's", "", "$HOME", "-x"])).toBe(
      "git log --format=%H 'a b' 'it'\\''s' '' '$HOME' -x",
    );
  });

  test("a shell reads back the same arguments, whatever they hold", () => {
    const argument = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (args) => {
        // What is no Unicode text does not reach a program as an argument.
        const given = args.map((each) => Buffer.from(each).toString("utf8"));
        const { stdout } = execute(["sh", "-c", `printf '%s\\0' ${formatCommand(given)}`]);
        expect(stdout.split("\0").slice(0, -1)).toEqual(given);
      }),
      { numRuns: 15 },
    );
  });
});
