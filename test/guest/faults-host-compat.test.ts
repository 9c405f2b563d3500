// Commands on the host itself: only by flag, and only where no guest can start.

import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signalProcess } from "../../src/platform/process-identity.js";
import { errorOf } from "../helpers/answers.js";
import { getDaemon } from "../helpers/daemon.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { copyPackage, type PackageCopy } from "../helpers/package-copy.js";
import { startCommand } from "../helpers/running-guest.js";
import { TestPyro } from "../helpers/test-pyro.js";

const LOOK = ["--", "sh", "-c", "pwd; ls -A; uname -r"] as const;
const ALLOW = "--allow-host-compat";

let copy: PackageCopy;
let pyro: TestPyro;
beforeAll(async () => {
  copy = await copyPackage();
  await rm(path.join(copy.libexec, "runsc"));
  pyro = await TestPyro.create({ PYRO_POOL: "0" });
});
afterAll(async () => {
  await pyro[Symbol.asyncDispose]();
  await copy[Symbol.asyncDispose]();
});

describe("where no guest can start", () => {
  test("without the flag: an error that names doctor", async () => {
    const { status, value } = await pyro.json(["run", "debian:12", ...LOOK], { cli: copy.cli });
    expect(status).toBe(125);
    expect(errorOf(value).code).toBe("engine_unavailable");
    expect(errorOf(value).hint).toContain("pyro doctor");
  });

  test("with the flag: the command runs in an empty directory, shown as what it is, and nothing is left", async () => {
    const { status, value } = await pyro.json(["run", "debian:12", ALLOW, ...LOOK], { cli: copy.cli });
    expect(status).toBe(0);
    expect(value).toMatchObject({
      execution_mode: "host_compat",
      engine: { name: "host_compat", security_boundary: false },
      exit_code: 0,
    });
    expect(JSON.stringify(value)).not.toContain("gvisor");
    const { stdout } = await pyro.run(["run", "debian:12", ALLOW, ...LOOK], { cli: copy.cli });
    const [directory, ...rest] = stdout.toString().trim().split("\n");
    expect(directory).toContain("/host-compat/");
    // Nothing between the directory and the kernel's release.
    expect(rest).toHaveLength(1);
    await expectNothingLeft(pyro);
  });

  test("a network is refused: what runs on the host would have the host's", async () => {
    const run = ["run", "debian:12", ALLOW, "--network", ...LOOK];
    const create = ["workspace", "create", "debian:12", ALLOW, "--network-policy", "egress"];
    for (const [words, expected] of [
      [run, 125],
      [create, 5],
    ] as const) {
      const { status, value } = await pyro.json(words, { cli: copy.cli });
      expect(status).toBe(expected);
      expect(errorOf(value).code).toBe("network_unavailable");
    }
    await expectNothingLeft(pyro);
  });

  test("an interrupted command is gone, with its children", async () => {
    const script = "setsid sleep 1000.25 & sleep 1000.25";
    const { child, ended } = await startCommand(pyro, { flags: [ALLOW], script, cli: copy.cli });
    child.kill("SIGINT");
    expect((await ended).status).toBe(130);
    await expectNothingLeft(pyro);
  });

  test("kill -9 of the daemon ends the command, and the next daemon removes what is left", async () => {
    const { ended } = await startCommand(pyro, { flags: [ALLOW], cli: copy.cli });
    await signalProcess(await getDaemon(pyro), "SIGKILL");
    expect((await ended).status).toBe(125);
    expect((await pyro.json(["run", "debian:12", ALLOW, ...LOOK], { cli: copy.cli })).status).toBe(0);
    await expectNothingLeft(pyro);
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});

describe("where guests can start", () => {
  test("the flag changes nothing: it is a guest", async () => {
    const { status, value } = await pyro.json(["run", "debian:12", ALLOW, ...LOOK]);
    expect(status).toBe(0);
    expect(value).toMatchObject({
      execution_mode: "guest",
      engine: { name: "gvisor", security_boundary: true },
    });
    expect(JSON.stringify(value)).toContain("gvisor");
  });
});
