import fc from "fast-check";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { resolveSettings, settingsFingerprint, settingsToVariables } from "../../../src/platform/settings.js";
import { findForeignDirectory } from "../helpers/foreign-directory.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const HOME = { HOME: "/home/u" } as const;

describe("directories", () => {
  test("are the XDG defaults below HOME when nothing is set", () => {
    expect(resolveSettings(HOME)).toMatchObject({
      stateDir: "/home/u/.local/state/pyro-mcp",
      cacheDir: "/home/u/.cache/pyro-mcp",
      environmentCacheDir: "/home/u/.cache/pyro-mcp/environments",
    });
    expect(resolveSettings({}).stateDir).toBe(path.join(homedir(), ".local/state/pyro-mcp"));
  });

  test("follow XDG, and only absolute ones, as its specification says", () => {
    const absolute = { ...HOME, XDG_STATE_HOME: "/s", XDG_CACHE_HOME: "/c" };
    expect(resolveSettings(absolute)).toMatchObject({ stateDir: "/s/pyro-mcp", cacheDir: "/c/pyro-mcp" });
    const relative = { ...HOME, XDG_STATE_HOME: "s", XDG_CACHE_HOME: "", XDG_RUNTIME_DIR: "run" };
    expect(resolveSettings(relative)).toEqual(resolveSettings(HOME));
  });

  test("named by PYRO_ variables win; relative ones count from the working directory", () => {
    const settings = resolveSettings({
      ...HOME,
      XDG_STATE_HOME: "/s",
      PYRO_STATE_DIR: "my state",
      PYRO_CACHE_DIR: "/cache/",
      PYRO_ENVIRONMENT_CACHE_DIR: "/big/../big2",
    });
    expect(settings.stateDir).toBe(path.resolve("my state"));
    expect(settings.cacheDir).toBe("/cache");
    expect(settings.environmentCacheDir).toBe("/big2");
  });

  test.each(["PYRO_STATE_DIR", "PYRO_CACHE_DIR", "PYRO_ENVIRONMENT_CACHE_DIR"])(
    "an empty %s is like an absent one, and not the working directory",
    (name) => expect(resolveSettings({ ...HOME, [name]: "" })).toEqual(resolveSettings(HOME)),
  );

  test("are absolute with an empty HOME too", () => {
    expect(resolveSettings({ HOME: "" }).stateDir).toBe(path.join(homedir(), ".local/state/pyro-mcp"));
  });
});

describe("the runtime directory", () => {
  const inTmp = new RegExp(`^/tmp/pyro-mcp-${process.geteuid?.() ?? 0}/[0-9a-f]{12}$`);
  const resolve = (XDG_RUNTIME_DIR: string) => resolveSettings({ ...HOME, XDG_RUNTIME_DIR }).runtimeDir;

  test("is below XDG_RUNTIME_DIR, one for each state directory", async () => {
    const variables = { ...HOME, XDG_RUNTIME_DIR: await makeTempDirectory() };
    const first = resolveSettings({ ...variables, PYRO_STATE_DIR: "/a" }).runtimeDir;
    const second = resolveSettings({ ...variables, PYRO_STATE_DIR: "/b" }).runtimeDir;
    expect(path.dirname(first)).toBe(path.join(variables.XDG_RUNTIME_DIR, "pyro-mcp"));
    expect(path.basename(first)).toMatch(/^[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
  });

  test("is below /tmp without XDG_RUNTIME_DIR", () => {
    expect(resolveSettings(HOME).runtimeDir).toMatch(inTmp);
  });

  test("is below /tmp where XDG_RUNTIME_DIR would make a socket's path too long", async () => {
    const long = path.join(await makeTempDirectory(), "long".repeat(10));
    await mkdir(long);
    expect(resolve(long)).toMatch(inTmp);
  });

  test("is below /tmp where XDG_RUNTIME_DIR is gone, is a file, is below one, or leads in a circle", async () => {
    const directory = await makeTempDirectory();
    const [file, link] = [path.join(directory, "f"), path.join(directory, "l")];
    await writeFile(file, "");
    await symlink("l", link);
    for (const each of ["/no/such/directory", file, path.join(file, "b"), link]) {
      expect(resolve(each)).toMatch(inTmp);
    }
  });

  test("is below /tmp where XDG_RUNTIME_DIR belongs to another user", async () => {
    expect(resolve(await findForeignDirectory())).toMatch(inTmp);
  });

  test("leaves room for the longest socket below it, whatever the variables are", () => {
    const directory = fc
      .string({ unit: "binary", maxLength: 120 })
      .map((name) => `/${name.replaceAll("\0", "")}`);
    fc.assert(
      fc.property(directory, directory, (XDG_RUNTIME_DIR, PYRO_STATE_DIR) => {
        const { runtimeDir } = resolveSettings({ ...HOME, XDG_RUNTIME_DIR, PYRO_STATE_DIR });
        for (const engine of ["machines", "host-compat"]) {
          const socket = `${runtimeDir}/s/${engine}/${"0".repeat(32)}/channel/agent.sock`;
          expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107);
        }
      }),
    );
  });
});

describe("a value that means nothing is refused by the variable's name", () => {
  test.each([
    ...["0", "-1", "1.5", "many", "Infinity", "1e3", " "].map((value) => ["PYRO_MAX_ACTIVE_VMS", value]),
    ...["0", "-5", "soon"].map((value) => ["PYRO_DAEMON_IDLE_SECONDS", value]),
    ...["KVM", "qemu"].map((value) => ["PYRO_GVISOR_PLATFORM", value]),
    ["PYRO_LOG", "trace"],
    ["PYRO_POOL", "no"],
  ])("%s=%j", (name = "", value = "") => {
    expect(() => resolveSettings({ ...HOME, [name]: value })).toThrow(new RegExp(name));
  });

  test("an empty one is not set", () => {
    const empty = { PYRO_MAX_ACTIVE_VMS: "", PYRO_DAEMON_IDLE_SECONDS: "", PYRO_LOG: "", PYRO_POOL: "" };
    expect(resolveSettings({ ...HOME, ...empty })).toEqual(resolveSettings(HOME));
  });
});

test("good values are taken", () => {
  const variables = {
    ...HOME,
    PYRO_MAX_ACTIVE_VMS: "12",
    PYRO_DAEMON_IDLE_SECONDS: "3",
    PYRO_GVISOR_PLATFORM: "systrap",
    PYRO_LOG: "debug",
    PYRO_POOL: "0",
  };
  expect(resolveSettings(variables)).toMatchObject({
    maxActiveVms: 12,
    daemonIdleMs: 3000,
    gvisorPlatform: "systrap",
    logLevel: "debug",
    pool: false,
  });
});

test("allowed ranges are a set, whatever the order, and part of what a daemon is shared by", () => {
  const allowing = (value: string) => resolveSettings({ ...HOME, PYRO_NETWORK_ALLOW: value });
  expect(allowing(" 10.1.0.0/16,,10.0.0.0/24 ,10.1.0.0/16").networkAllow).toEqual([
    "10.0.0.0/24",
    "10.1.0.0/16",
  ]);
  expect(allowing("").networkAllow).toEqual([]);
  expect(settingsFingerprint(allowing("a,b"))).toBe(settingsFingerprint(allowing("b, a")));
  expect(settingsFingerprint(allowing("a"))).not.toBe(settingsFingerprint(allowing("")));
});

test("a child with the settings' variables resolves the same settings, and gets nothing else of ours", () => {
  const place = fc.constantFrom("", "/d/é", "relative dir", "0");
  const count = fc.constantFrom("", "7", "120");
  const variables = fc.record(
    {
      HOME: place,
      XDG_STATE_HOME: place,
      XDG_CACHE_HOME: place,
      XDG_RUNTIME_DIR: place,
      PYRO_STATE_DIR: place,
      PYRO_CACHE_DIR: place,
      PYRO_ENVIRONMENT_CACHE_DIR: place,
      PYRO_GVISOR_PLATFORM: fc.constantFrom("", "kvm", "systrap"),
      PYRO_MAX_ACTIVE_VMS: count,
      PYRO_DAEMON_IDLE_SECONDS: count,
      PYRO_LOG: fc.constantFrom("", "info", "debug"),
      PYRO_POOL: fc.constantFrom("", "0", "1"),
      AWS_KEY: place,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(variables, (ours) => {
      const settings = resolveSettings(ours);
      const theirs = settingsToVariables(settings, ours);
      expect(resolveSettings(theirs)).toEqual(settings);
      expect(theirs).not.toHaveProperty("AWS_KEY");
    }),
  );
});

test("two settings have one fingerprint exactly when they can share a daemon", () => {
  const base = resolveSettings({ ...HOME, PYRO_STATE_DIR: "/a" });
  expect(settingsFingerprint({ ...base, logLevel: "debug", maxActiveVms: 3 })).toBe(
    settingsFingerprint(base),
  );
  for (const other of [
    { ...base, stateDir: "/b" },
    { ...base, cacheDir: "/b" },
    { ...base, environmentCacheDir: "/b" },
    { ...base, gvisorPlatform: "kvm" as const },
  ]) {
    expect(settingsFingerprint(other)).not.toBe(settingsFingerprint(base));
  }
});

describe("directories that a program chooses", () => {
  const variables = {
    HOME: "/home/u",
    PYRO_STATE_DIR: "/s",
    PYRO_CACHE_DIR: "/c",
    PYRO_ENVIRONMENT_CACHE_DIR: "/e",
  };

  test("win over the variables", () => {
    const chosen = { stateDir: "/a", cacheDir: "/b", environmentCacheDir: "/d" };
    expect(resolveSettings(variables, chosen)).toMatchObject(chosen);
  });

  test("a cache has its environments in it", () => {
    expect(resolveSettings(variables, { cacheDir: "/b" })).toMatchObject({
      stateDir: "/s",
      cacheDir: "/b",
      environmentCacheDir: "/b/environments",
    });
  });

  test("undefined and empty choose nothing", () => {
    expect(resolveSettings(variables, { stateDir: undefined, cacheDir: undefined })).toEqual(
      resolveSettings(variables),
    );
    expect(resolveSettings({ HOME: "/home/u" }, { stateDir: "" }).stateDir).toBe(
      "/home/u/.local/state/pyro-mcp",
    );
  });
});
