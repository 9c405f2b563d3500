import { expect, test } from "vitest";
import { splitArgv } from "../../../src/cli/split-argv.js";

test.each([
  [[], [], undefined],
  [["run", "--json"], ["run", "--json"], undefined],
  [["run", "--"], ["run"], []],
  [["run", "--", "ls", "--json", "-x"], ["run"], ["ls", "--json", "-x"]],
  [["run", "--", "git", "log", "--", "file"], ["run"], ["git", "log", "--", "file"]],
  [["--", ""], [], [""]],
])("%j: ours is %j, the guest's %j", (argv, own, guest) => {
  expect(splitArgv(argv)).toEqual({ own, guest });
});
