import { expect, test } from "vitest";
import { getEnvironment } from "../../../src/environment/catalogue.js";
import { buildMmdebstrapCommand } from "../../../src/environment/mmdebstrap-command.js";

const OPTIONS = {
  entry: getEnvironment("debian:12"),
  workDir: "/a dir/work",
  asRoot: true,
  hasMergedUsrHook: true,
};

test("the whole tree of processes dies with the one that started it", () => {
  const command = buildMmdebstrapCommand(OPTIONS);
  expect(command.slice(0, 3)).toEqual(["setpriv", "--pdeathsig=KILL", "unshare"]);
  expect(command).toContain("--kill-child");
});

test("an ordinary user works in a namespace of its own ids and keeps the files", () => {
  const root = buildMmdebstrapCommand(OPTIONS);
  const user = buildMmdebstrapCommand({ ...OPTIONS, asRoot: false });
  expect(user.filter((word) => !root.includes(word))).toEqual([
    "--user",
    "--map-root-user",
    "--map-auto",
    "--no-same-owner",
  ]);
  expect(root.filter((word) => !user.includes(word))).toEqual(["--same-owner"]);
});

test("paths and packages are arguments of their own, never part of a script", () => {
  const command = buildMmdebstrapCommand(OPTIONS);
  expect(command.filter((word) => word.includes("/a dir"))).toEqual(["/a dir/work"]);
  expect(command).toContain(`--include=${OPTIONS.entry.defaultPackages.join(",")}`);
  expect(command.slice(-3)).toEqual(["bookworm", "-", "-"]);
});

test("an mmdebstrap without the hook for a merged /usr is run without it", () => {
  const command = buildMmdebstrapCommand({ ...OPTIONS, hasMergedUsrHook: false });
  expect(command.some((word) => word.startsWith("--hook-dir"))).toBe(false);
});
