// The engine's programs: missing, damaged, of another build, killed in the middle of a start.

import { rename, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureEngineBuild } from "../../src/machine/gvisor/build.js";
import { errorOf } from "../helpers/answers.js";
import { getDaemonPid } from "../helpers/daemon.js";
import { killStartingRunsc } from "../helpers/kill-runsc.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { copyPackage, type PackageCopy } from "../helpers/package-copy.js";
import { TestPyro } from "../helpers/test-pyro.js";

/** Milliseconds after runsc has shown up; a start takes about 80. */
const MOMENTS = [0, 4, 8, 14, 20, 28, 36, 42, 48, 60];

describe("a package with damaged programs", () => {
  let copy: PackageCopy;
  let pyro: TestPyro;
  beforeAll(async () => {
    copy = await copyPackage();
    pyro = await TestPyro.create({ PYRO_POOL: "0" });
  });
  afterAll(async () => {
    await pyro[Symbol.asyncDispose]();
    await copy[Symbol.asyncDispose]();
  });

  async function expectUnavailable(message: RegExp): Promise<void> {
    const run = await pyro.json(["run", "debian:12", "--", "true"], { cli: copy.cli });
    expect(run.status).toBe(125);
    const { code, message: text, hint } = errorOf(run.value);
    expect(code).toBe("engine_unavailable");
    expect(text).toMatch(message);
    expect(hint).toContain("pyro doctor");
    const doctor = await pyro.json(["doctor"], { cli: copy.cli });
    expect(doctor.status).toBe(5);
    expect(JSON.stringify(doctor.value)).toMatch(message);
  }

  test("without the program for networks: guests start, and doctor says which part cannot be had, with the cure", async () => {
    const program = path.join(copy.libexec, "pyro-helper");
    const aside = path.join(copy.libexec, "aside");
    // A daemon of its own: one that has found its programs goes on with them.
    await using fresh = await TestPyro.create({ PYRO_POOL: "0" });
    await rename(program, aside);
    const { status, stdout } = await fresh.run(["doctor"], { cli: copy.cli });
    await rename(aside, program);
    expect(stdout.toString()).toContain("guest_network=no");
    expect(stdout.toString()).toMatch(/Issues:\n- pyro-helper is missing: .*\n {2}hint: .*make build/);
    expect(status).toBe(0);
  });

  test("without a manifest, with a damaged one, with another runsc, without runsc: each is said, with the cure", async () => {
    const manifest = path.join(copy.libexec, "manifest.json");
    const runsc = path.join(copy.libexec, "runsc");
    await rm(runsc);
    await writeFile(runsc, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    await expectUnavailable(/runsc is not the build that belongs to this package/);
    await rm(runsc);
    await expectUnavailable(/runsc is missing/);
    await rm(manifest);
    await writeFile(manifest, '{"runsc": ');
    await expectUnavailable(/have a damaged manifest/);
    await rm(manifest);
    await expectUnavailable(/programs are missing/);
  });

  test("a copy in the state that was cut short is made again", async () => {
    const { runscPath } = await ensureEngineBuild(pyro.settings.stateDir);
    await truncate(runscPath, 1000);
    await pyro.run(["daemon", "stop"]);
    const run = await pyro.run(["run", "debian:12", "--", "true"]);
    expect(run.stderr).not.toContain("error");
    expect(run.status).toBe(0);
  });
});

describe("runsc killed in the middle of a start", () => {
  let pyro: TestPyro;
  beforeAll(async () => {
    pyro = await TestPyro.create({ PYRO_POOL: "0" });
    expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
  });
  afterAll(() => pyro[Symbol.asyncDispose]());

  test.each(MOMENTS)("after %i ms: a clear error or a success, and nothing is left", async (delayMs) => {
    const ended = new AbortController();
    const killing = killStartingRunsc(await getDaemonPid(pyro), delayMs, ended.signal);
    const { status, value } = await pyro.json(["run", "debian:12", "--", "echo", "alive"]);
    ended.abort();
    const wasKilled = await killing;
    if (status === 0) expect(value).toMatchObject({ stdout: "alive\n" });
    else {
      expect(status).toBe(125);
      expect(wasKilled).toBe(true);
      expect(errorOf(value).code).toBe("guest_start_failed");
    }
    await expectNothingLeft(pyro);
  });

  test("the next run works", async () => {
    expect((await pyro.run(["run", "debian:12", "--", "true"])).status).toBe(0);
    await expectNothingLeft(pyro);
  });
});
