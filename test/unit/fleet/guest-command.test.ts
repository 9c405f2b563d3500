import { spawnSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCommand, guestArgv } from "../../../src/fleet/guest-command.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

function execute(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = "", ...args] = argv;
  return spawnSync(program, args, { encoding: "utf8", env: { PATH: "/usr/bin:/bin", ...env } });
}

describe("guestArgv", () => {
  test("a vector is executed as it is", () => {
    const argv = ["printf", "%s", "$HOME *"];
    expect(guestArgv(argv)).toEqual(argv);
  });

  test("a string is read by bash where there is one", () => {
    expect(execute(guestArgv('x=(a b); echo "${x[1]} $0"')).stdout).toBe("b bash\n");
  });

  test("a string is read by sh where there is no bash", async () => {
    const bin = await makeTempDirectory();
    await symlink("/bin/sh", path.join(bin, "sh"));
    expect(execute(guestArgv('echo "$0"'), { PATH: bin }).stdout).toBe("sh\n");
  });

  test("the shell's exit status is the command's", () => {
    expect(execute(guestArgv("exit 7")).status).toBe(7);
    expect(execute(guestArgv("kill -9 $$")).signal).toBe("SIGKILL");
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
