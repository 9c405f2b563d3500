import { describe, expect, test } from "vitest";
import { runscFlags, type RunscFlagsInput } from "../../../../src/machine/gvisor/flags.js";

const INPUT: RunscFlagsInput = {
  rootDir: "/run/p/s/runsc",
  overlayDir: "/run/p/s/overlay",
  diskMib: 8192,
  platform: "systrap",
  asRoot: true,
  useCgroups: true,
  logDir: "/run/p/s/log/",
};

test("every guest is without the host's network, and its writes go to one file of limited size", () => {
  const flags = runscFlags(INPUT);
  expect(flags).toContain("--network=none");
  expect(flags).toContain("--overlay2=root:dir=/run/p/s/overlay,size=8192m");
  expect(flags).toContain("--root=/run/p/s/runsc");
  expect(flags).toContain("--log=/run/p/s/log/runsc.log");
});

test.each(["kvm", "systrap"] as const)("the platform is said: %s", (platform) => {
  expect(runscFlags({ ...INPUT, platform })).toContain(`--platform=${platform}`);
});

describe("what depends on the host", () => {
  test("as root the engine does not touch files itself", () => {
    expect(runscFlags({ ...INPUT, asRoot: true })).toContain("--directfs=false");
    expect(runscFlags({ ...INPUT, asRoot: false })).not.toContain("--directfs=false");
  });

  test("cgroups are left alone where they cannot be used", () => {
    expect(runscFlags({ ...INPUT, useCgroups: true })).not.toContain("--ignore-cgroups");
    expect(runscFlags({ ...INPUT, useCgroups: false })).toContain("--ignore-cgroups");
  });
});

test("every flag is one argument, given once", () => {
  const names = runscFlags(INPUT).map((flag) => flag.split("=")[0]);
  for (const name of names) expect(name).toMatch(/^--[a-z0-9-]+$/);
  expect(new Set(names).size).toBe(names.length);
});
