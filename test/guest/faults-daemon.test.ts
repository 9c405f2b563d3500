// The daemon's life: one for many clients, replaced by another version, leaving when idle, told to end.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { errorOf } from "../helpers/answers.js";
import { getDaemon, getDaemonPid } from "../helpers/daemon.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { copyPackage, type PackageCopy } from "../helpers/package-copy.js";
import { findProcessesWith } from "../helpers/processes-with.js";
import { guestProcesses, startCommand } from "../helpers/running-guest.js";
import { TestPyro } from "../helpers/test-pyro.js";

const TRUE = ["run", "debian:12", "--", "true"] as const;
const EXIT_TIMEOUT_MS = 30_000;

describe("start", () => {
  test("ten clients at once share one daemon", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => pyro.json(["env", "list"])));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 0));
    const log = await pyro.run(["daemon", "logs"]);
    expect(log.stdout.toString().match(/ started pid=/g)).toHaveLength(1);
  });

  test("one that fails tells the client and the log why, and no process stays that has no lock", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const { daemonLink, daemonLog } = resolveStatePaths(pyro.settings);
    await mkdir(daemonLink, { recursive: true, mode: 0o700 });
    const { status, value } = await pyro.json(["env", "list"]);
    expect(status).not.toBe(0);
    expect(errorOf(value).message).toContain(daemonLink);
    expect(await readFile(daemonLog, "utf8")).toContain(" failed message=");
    await expect.poll(() => findProcessesWith(pyro.directory), { timeout: EXIT_TIMEOUT_MS }).toEqual([]);
  });

  test("what is piped in reaches the command, also when the daemon has to be started first", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const { status, stdout } = await pyro.run(["run", "debian:12", "--", "cat"], {
      stdin: "from the first byte\n",
    });
    expect(stdout.toString()).toBe("from the first byte\n");
    expect(status).toBe(0);
  });
});

describe("a daemon of another version or with other settings", () => {
  let newer: PackageCopy;
  let pyro: TestPyro;
  beforeAll(async () => {
    newer = await copyPackage("99.0.0");
    pyro = await TestPyro.create({ PYRO_POOL: "0" });
  });
  afterAll(async () => {
    await pyro[Symbol.asyncDispose]();
    await newer[Symbol.asyncDispose]();
  });

  test("that is idle is replaced, in both directions", async () => {
    expect((await pyro.run(TRUE)).status).toBe(0);
    const old = await getDaemon(pyro);
    expect((await pyro.json(TRUE, { cli: newer.cli })).status).toBe(0);
    expect(await waitForExit(old, EXIT_TIMEOUT_MS)).toBe(true);
    const status = await pyro.json(["daemon", "status"], { cli: newer.cli });
    expect(status.value).toMatchObject({ running: true, version: "99.0.0" });
    expect((await pyro.json(TRUE)).status).toBe(0);
    await expectNothingLeft(pyro);
  });

  test("that is busy is named in the error, and goes on", async () => {
    expect((await pyro.run(TRUE)).status).toBe(0);
    const { pid } = await getDaemon(pyro);
    const { child, ended } = await startCommand(pyro);
    const { status, value } = await pyro.json(TRUE, { cli: newer.cli });
    expect(status).toBe(125);
    const { code, message, details } = errorOf(value);
    expect(code).toBe("daemon_busy");
    expect(message).toContain(`pid ${pid}`);
    expect(details).toMatchObject({ pid, busy_with: ["vm_run"] });
    expect(await getDaemonPid(pyro)).toBe(pid);
    child.kill("SIGINT");
    await ended;
  });

  test("other settings count as another version does", async () => {
    const env = { PYRO_ENVIRONMENT_CACHE_DIR: path.join(pyro.directory, "other-cache") };
    const { child, ended } = await startCommand(pyro);
    const busy = await pyro.json(["env", "list"], { env });
    expect(busy.status).toBe(4);
    expect(errorOf(busy.value).code).toBe("daemon_busy");
    child.kill("SIGINT");
    await ended;
    await expectNothingLeft(pyro);
    const idle = await pyro.json(["env", "list"], { env });
    expect(idle.status).toBe(0);
    expect(JSON.stringify(idle.value)).not.toContain('"installed":true');
  });
});

describe("end", () => {
  test("a daemon that is idle for long enough leaves nothing but its state", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0", PYRO_DAEMON_IDLE_SECONDS: "1" });
    expect((await pyro.run(TRUE)).status).toBe(0);
    const { daemonSocket, daemonLink } = resolveStatePaths(pyro.settings);
    await expect.poll(() => existsSync(daemonSocket), { timeout: EXIT_TIMEOUT_MS }).toBe(false);
    expect(existsSync(daemonLink)).toBe(false);
    await expectDaemonLeftNothing(pyro);
    expect((await pyro.json(["daemon", "status"])).value).toMatchObject({ running: false });
    expect((await pyro.run(TRUE)).status).toBe(0);
  });

  test("status, logs and stop say so when none runs, and start none", async () => {
    await using pyro = await TestPyro.create();
    expect(await pyro.json(["daemon", "status"])).toEqual({ status: 0, value: { running: false } });
    expect((await pyro.json(["daemon", "logs"])).value).toMatchObject({ lines: [] });
    expect(await pyro.json(["daemon", "stop"])).toEqual({ status: 0, value: { stopped: false } });
    expect((await pyro.run(["daemon", "status"])).stdout.toString()).toContain("not running");
    expect(existsSync(pyro.settings.stateDir)).toBe(false);
  });

  test("stop refuses while it is busy; --force ends the run with an error and removes the guest", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const { ended } = await startCommand(pyro);
    const refused = await pyro.json(["daemon", "stop"]);
    expect(refused.status).toBe(4);
    expect(errorOf(refused.value)).toMatchObject({ code: "daemon_busy" });
    const daemon = await getDaemon(pyro);
    const forced = await pyro.json(["daemon", "stop", "--force"]);
    expect(forced).toEqual({ status: 0, value: { stopped: true, pid: daemon.pid } });
    const { status, stderr } = await ended;
    expect(status).toBe(125);
    expect(stderr).toContain("error: the daemon was stopped during the call");
    await expectDaemonLeftNothing(pyro);
  });

  test("SIGTERM in the middle of a run, or of a start, does the same", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    const { ended } = await startCommand(pyro);
    const daemon = await getDaemon(pyro);
    const starting = pyro.run(TRUE);
    await expect
      .poll(async () => (await guestProcesses(pyro)).length, { timeout: 30_000 })
      .toBeGreaterThan(2);
    process.kill(daemon.pid, "SIGTERM");
    expect((await ended).status).toBe(125);
    expect(await waitForExit(daemon, EXIT_TIMEOUT_MS)).toBe(true);
    // It came too early, or too late, or was the next daemon's.
    expect([0, 125]).toContain((await starting).status);
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});

describe("a state whose clients have different runtime directories", () => {
  let runtime: string;
  beforeAll(async () => {
    // Short, so that it is used: a socket's path has room for little.
    runtime = await mkdtemp("/tmp/pr-");
  });
  afterAll(() => rm(runtime, { recursive: true }));

  /** As in a shell of cron's, or under a host that filters the environment. */
  const filtered = { XDG_RUNTIME_DIR: "" } as const;

  test("still has one daemon", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0", XDG_RUNTIME_DIR: runtime });
    expect(pyro.settings.runtimeDir).toContain(runtime);
    expect((await pyro.run(TRUE)).status).toBe(0);
    const pid = await getDaemonPid(pyro);
    const status = await pyro.json(["daemon", "status"], { env: filtered });
    expect(status.value).toMatchObject({ running: true, pid });
    expect((await pyro.run(TRUE, { env: filtered })).status).toBe(0);
    expect(await getDaemonPid(pyro)).toBe(pid);
    const stopped = await pyro.json(["daemon", "stop"], { env: filtered });
    expect(stopped.value).toMatchObject({ stopped: true, pid });
    await expectDaemonLeftNothing(pyro);
  });

  test("a guest whose daemon was killed is found by the next one", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0", XDG_RUNTIME_DIR: runtime });
    const { ended } = await startCommand(pyro);
    await signalProcess(await getDaemon(pyro), "SIGKILL");
    expect((await ended).status).toBe(125);
    expect((await pyro.run(TRUE, { env: filtered })).status).toBe(0);
    await expectNothingLeft(pyro);
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });

  test("a daemon whose runtime directory was removed leaves, and takes its guests along", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0", XDG_RUNTIME_DIR: runtime });
    const { child, ended } = await startCommand(pyro);
    const daemon = await getDaemon(pyro);
    // At once, as the end of a session unmounts it.
    const moved = `${pyro.settings.runtimeDir}-gone`;
    await rename(pyro.settings.runtimeDir, moved);
    await rm(moved, { recursive: true });
    child.kill("SIGKILL");
    await ended;
    expect(await waitForExit(daemon, EXIT_TIMEOUT_MS)).toBe(true);
    await expectDaemonLeftNothing(pyro);
    expect((await pyro.run(TRUE, { env: filtered })).status).toBe(0);
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});
