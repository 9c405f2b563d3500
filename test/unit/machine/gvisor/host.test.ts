import { expect, test } from "vitest";
import type { GvisorHost } from "../../../../src/machine/gvisor/host.js";
import { cgroupPath, flagsFor, sandboxDirectory } from "../../../../src/machine/gvisor/host.js";
import { resolveSettings } from "../../../../src/platform/settings.js";
import { resolveStatePaths } from "../../../../src/platform/state-paths.js";

const ID = "0".repeat(32);

function makeHost(stateDir: string): GvisorHost {
  const variables = { HOME: "/home/u", PYRO_STATE_DIR: stateDir };
  const programs = { engine: "", agent: "" };
  const build = { digest: "", version: "", programs, runscPath: "/runsc", agentPath: "/agent" };
  return {
    paths: resolveStatePaths(resolveSettings(variables)),
    build,
    cgroups: undefined,
    onWarning: () => undefined,
  };
}

test("no flag of runsc holds the user's own path, whatever it is", () => {
  const flags = flagsFor(makeHost("/state, size=1:dir=/etc %COMMAND%"), ID, "systrap", 100);
  expect(flags.join(" ")).not.toContain("/etc");
  expect(flags.find((flag) => flag.startsWith("--overlay2="))).toMatch(
    /^--overlay2=root:dir=\/tmp\/pyro-mcp-\d+\/[0-9a-f]{12}\/s\/machines\/0{32}\/overlay,size=100m$/,
  );
});

test("what a runsc killed before it has unlinked its overlay file leaves goes with the sandbox's directory", () => {
  const host = makeHost("/state");
  const { root } = sandboxDirectory(host.paths, ID);
  expect(flagsFor(host, ID, "systrap", 100).join(" ")).toContain(`--overlay2=root:dir=${root}/`);
});

test("a guest's socket fits into a socket address", () => {
  const { socketPath } = sandboxDirectory(makeHost(`/${"long".repeat(50)}`).paths, ID);
  expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
});

test("two states have cgroups of their own", () => {
  const [first, second] = [cgroupPath(makeHost("/a").paths, ID), cgroupPath(makeHost("/b").paths, ID)];
  expect(first).toMatch(new RegExp(`^/pyro-[0-9a-f]{12}/${ID}$`));
  expect(second).not.toBe(first);
});
