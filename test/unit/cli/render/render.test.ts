// The human form of each result: the labels that the contract names, and which stream they go to.

import { describe, expect, test } from "vitest";
import { render } from "../../../../src/cli/render/render.js";
import { makeDoctorResult, makeEnvironmentEntry, makeRunResult } from "./results.js";

describe("run", () => {
  test("leaves stdout to the guest and ends stderr with one status line", () => {
    expect(render("vm_run", makeRunResult({ exit_code: 3 }))).toEqual({
      stderr: "[run] environment=debian:12 execution_mode=guest exit_code=3 duration_ms=13\n",
    });
  });

  test("says that the command timed out, and after how long", () => {
    const result = makeRunResult({ timed_out: true, exit_code: 124, duration_ms: 31_812 });
    expect(render("vm_run", result).stderr).toBe(
      "command timed out after 30s\n[run] environment=debian:12 execution_mode=guest exit_code=124 duration_ms=31812\n",
    );
  });

  test("shows that it ran on the host itself", () => {
    expect(render("vm_run", makeRunResult({ execution_mode: "host_compat" })).stderr).toContain(
      "execution_mode=host_compat",
    );
  });
});

describe("doctor", () => {
  const labels = (text = "") => text.split("\n").map((line) => line.split(":")[0]);

  test("has every label of the contract, one a line", () => {
    const { stdout, stderr } = render("doctor", makeDoctorResult());
    expect(labels(stdout)).toEqual(
      expect.arrayContaining([
        "Platform",
        "Runtime",
        "KVM",
        "Engine",
        "Environment cache",
        "Capabilities",
        "Networking",
        "Issues",
      ]),
    );
    expect(stdout).toContain("Runtime: PASS\n");
    expect(stdout).toContain("KVM: exists=yes readable=yes writable=yes boots_guest=no\n");
    expect(stdout).toContain("(installed: debian:12)");
    expect(stdout).toContain("Issues: none\n");
    expect(stderr).toBeUndefined();
  });

  test("names each issue with what cures it", () => {
    const issues = [{ code: "x", message: "no guest starts", hint: "sudo cure" }];
    const { stdout } = render("doctor", makeDoctorResult({ runtime_ok: false, issues }));
    expect(stdout).toContain("Runtime: FAIL\n");
    expect(stdout).toContain("Issues:\n- no guest starts\n  hint: sudo cure\n");
  });

  test("tells what makes a daily loop warm again", () => {
    const loop = { environment: "debian:12", state: "stale" as const, reason: "the engine changed" };
    expect(render("doctor", makeDoctorResult({ daily_loop: loop })).stdout).toMatch(
      /^Daily loop: debian:12 stale .*the engine changed.*pyro prepare debian:12/m,
    );
  });
});

describe("environments", () => {
  test("a list begins with the catalogue's version", () => {
    const environments = [
      makeEnvironmentEntry(),
      makeEnvironmentEntry({ name: "debian:12-base", installed: false, size_bytes: null }),
    ];
    expect(render("vm_list_environments", { catalog_version: "0.1.0", environments }).stdout).toBe(
      "Catalog version: 0.1.0\n" +
        "debian:12 [installed, 1.0 MiB] Debian 12 with git\n" +
        "debian:12-base [not installed] Debian 12 with git\n",
    );
  });

  test("an installed one is shown with its packages, another without", () => {
    const { stdout } = render("env_inspect", makeEnvironmentEntry());
    expect(stdout).toContain("Installed: 1970-01-01 00:00:00 UTC\n");
    expect(stdout).toContain("Packages: 1\n  git 1:2.39\n");
    const other = makeEnvironmentEntry({ install_manifest: null, install_dir: null, installed: false });
    expect(render("env_inspect", other).stdout).toMatch(/Installed: no\n$/);
  });

  test("an image that is not installed: what is not known of it is no empty line", () => {
    const image = makeEnvironmentEntry({
      version: "",
      distribution: "",
      distribution_version: "",
      install_manifest: null,
    });
    const { stdout } = render("env_inspect", image);
    expect(stdout).toContain("Platform: linux/amd64\n");
    expect(stdout).not.toContain("Version:");
  });

  test("a pull ends with a short block", () => {
    const { stdout } = render("env_pull", { ...makeEnvironmentEntry(), source: "packages" });
    expect(stdout).toMatch(/^Pulled: debian:12\nSource: packages\nDigest: sha256:abc\nSize: 1\.0 MiB\n/);
  });

  test("a prune says how much was freed", () => {
    const nothing = { deleted_environment_dirs: [], count: 0, freed_bytes: 0 };
    expect(render("env_prune", nothing).stdout).toBe("Pruned: 0\nFreed: 0 B\n");
  });
});

test("the daemon's status lists its calls and guests", () => {
  const { stdout } = render("daemon_status", {
    pid: 7,
    version: "0.1.0",
    started_at: 0,
    memory_bytes: 1024,
    state_dir: "/s",
    calls: [{ operation: "vm_run", running_ms: 12 }],
    guests: [
      {
        id: "vm_aaaabbbbcccc",
        machine_id: "0".repeat(32),
        environment: "debian:12",
        started_at: 0,
        memory_bytes: 2048,
      },
    ],
    max_active_guests: 4,
    pool: { enabled: false, parked: [], hits: 0, misses: 0 },
  });
  expect(stdout).toContain("Daemon: running, pid 7, version 0.1.0\n");
  expect(stdout).toContain("Calls: vm_run (12 ms)\n");
  expect(stdout).toContain("Guests: 1 of at most 4\n  vm_aaaabbbbcccc debian:12 2.0 KiB\n");
});
