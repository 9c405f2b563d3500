// Hosts on which guests cannot run, or only without KVM: doctor tells the truth and the cure.

import { access, constants } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { errorOf } from "../helpers/answers.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { OrdinaryUser } from "../helpers/ordinary-user.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { runWithoutUserNamespaces } from "../helpers/without-user-namespaces.js";

const IS_ROOT = process.geteuid?.() === 0;

const Doctor = z.object({
  runtime_ok: z.boolean(),
  issues: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string() })),
  kvm: z.object({
    exists: z.boolean(),
    readable: z.boolean(),
    writable: z.boolean(),
    boots_guest: z.boolean(),
  }),
  engine: z.object({ platform: z.string().nullable() }),
  runtime: z.object({ cache_dir: z.string() }),
});

async function allows(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

describe("/dev/kvm", () => {
  let pyro: TestPyro;
  beforeAll(async () => {
    pyro = await TestPyro.create({ PYRO_POOL: "0" });
  });
  afterAll(() => pyro[Symbol.asyncDispose]());

  test("doctor shows the device as it is, the platform that a guest really started on, and where environments are", async () => {
    const { status, value } = await pyro.json(["doctor"]);
    const { kvm, engine, runtime, runtime_ok: isOk } = Doctor.parse(value);
    expect(status).toBe(0);
    expect(runtime.cache_dir).toBe(pyro.settings.environmentCacheDir);
    expect(isOk).toBe(true);
    expect(kvm).toMatchObject({
      exists: await allows("/dev/kvm", constants.F_OK),
      readable: await allows("/dev/kvm", constants.R_OK),
      writable: await allows("/dev/kvm", constants.W_OK),
    });
    expect(engine.platform).toBe(kvm.boots_guest ? "kvm" : "systrap");
  });

  test("asked for where it boots no guest: an error within its deadline, with the cure", async ({ skip }) => {
    const { kvm } = Doctor.parse((await pyro.json(["doctor"])).value);
    skip(kvm.boots_guest, "this host's KVM runs guests");
    const env = { PYRO_GVISOR_PLATFORM: "kvm" };
    const startedMs = performance.now();
    const doctor = await pyro.json(["doctor"], { env });
    expect(doctor.status).toBe(5);
    const report = Doctor.parse(doctor.value);
    expect(report).toMatchObject({
      runtime_ok: false,
      kvm: { boots_guest: false },
      engine: { platform: null },
    });
    expect(report.issues[0]?.message).toContain("did not start on kvm");
    expect(report.issues[0]?.hint).toContain("PYRO_GVISOR_PLATFORM");
    const run = await pyro.json(["run", "debian:12", "--", "true"], { env });
    expect(run.status).toBe(125);
    const { code, hint, details } = errorOf(run.value);
    expect({ code, hint }).toEqual({ code: "engine_unavailable", hint: report.issues[0]?.hint });
    expect(JSON.stringify(details)).toContain("runsc.log");
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  });

  test("the daemon leaves nothing of the failed trials", async () => {
    await pyro.run(["daemon", "stop"]);
    await expectDaemonLeftNothing(pyro);
  });
});

describe("an ordinary user who may make no user namespaces", () => {
  test.skipIf(!IS_ROOT)("doctor fails with the cause and the command that cures it", async () => {
    await using user = await OrdinaryUser.ensure();
    await using pyro = await TestPyro.create({ PYRO_POOL: "0", PYRO_ENVIRONMENT_CACHE_DIR: "" }, user);
    const { exitCode, stdout, stderr } = await runWithoutUserNamespaces(pyro, ["doctor", "--json"]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(5);
    const { issues, runtime_ok: isOk } = Doctor.parse(JSON.parse(stdout));
    expect(isOk).toBe(false);
    expect(issues[0]).toMatchObject({
      code: "user_namespaces_exhausted",
      hint: "sudo sysctl -w user.max_user_namespaces=65536",
    });
    await runWithoutUserNamespaces(pyro, ["daemon", "stop", "--force"]);
  });
});
