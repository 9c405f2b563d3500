// Directories that are full, read-only, or somebody else's: a clear error, and nothing is left.

import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { errorOf } from "../helpers/answers.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { OrdinaryUser } from "../helpers/ordinary-user.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { mountTmpfs } from "../helpers/tmpfs.js";

// Mounts, and files of other users, need root.
const IS_ROOT = process.geteuid?.() === 0;

const RUN = ["run", "debian:12", "--", "true"] as const;

async function expectFailure(pyro: TestPyro, code: string, message: string): Promise<void> {
  const { status, value } = await pyro.json(RUN);
  expect(errorOf(value)).toMatchObject({ code });
  expect(errorOf(value).message).toContain(message);
  expect(status).toBe(125);
}

describe.skipIf(!IS_ROOT)("the state directory", () => {
  test("without room for the engine's programs: out_of_disk, and nothing half-made is left", async () => {
    await using disk = await mountTmpfs(8);
    await using pyro = await TestPyro.create({
      PYRO_POOL: "0",
      PYRO_STATE_DIR: path.join(disk.directory, "state"),
    });
    await expectFailure(pyro, "out_of_disk", "ENOSPC");
    const doctor = await pyro.json(["doctor"]);
    expect(doctor.status).toBe(5);
    expect(JSON.stringify(doctor.value)).toContain("out_of_disk");
    await expectNothingLeft(pyro);
  });

  test("that runs full while a guest writes: the guest is removed, and a next run is refused in words", async () => {
    await using disk = await mountTmpfs(200);
    await using pyro = await TestPyro.create({
      PYRO_POOL: "0",
      PYRO_STATE_DIR: path.join(disk.directory, "state"),
    });
    const fill = "dd if=/dev/zero of=/fill bs=1M count=150 2>/dev/null; echo status=$?";
    const { stdout } = await pyro.run([
      "run",
      "debian:12",
      "--timeout-seconds",
      "100",
      "--",
      "sh",
      "-c",
      fill,
    ]);
    expect(stdout.toString()).toContain("status=1");
    await expectNothingLeft(pyro);
    await writeFile(path.join(pyro.settings.stateDir, "ballast"), Buffer.alloc(70 * 1024 * 1024));
    await expectFailure(pyro, "out_of_disk", "MiB left");
    await expectNothingLeft(pyro);
  });

  test("read-only: storage_unavailable", async () => {
    await using disk = await mountTmpfs(8);
    await using pyro = await TestPyro.create({
      PYRO_POOL: "0",
      PYRO_STATE_DIR: path.join(disk.directory, "state"),
    });
    await mkdir(pyro.settings.stateDir, { mode: 0o700 });
    await disk.remountReadOnly();
    await expectFailure(
      pyro,
      "storage_unavailable",
      `cannot use ${pyro.settings.stateDir}: it is not writable`,
    );
  });

  test("of another user: storage_unavailable", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    await mkdir(pyro.settings.stateDir, { mode: 0o777 });
    await chown(pyro.settings.stateDir, 65534, 65534);
    await expectFailure(pyro, "storage_unavailable", "belongs to another user");
  });

  test("that an ordinary user may not write, or not make: storage_unavailable", async () => {
    await using user = await OrdinaryUser.ensure();
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" }, user);
    await mkdir(pyro.settings.stateDir);
    await chown(pyro.settings.stateDir, user.uid, user.gid);
    await chmod(pyro.settings.stateDir, 0o500);
    await expectFailure(pyro, "storage_unavailable", "it is not writable");
    await using other = await TestPyro.create({ PYRO_STATE_DIR: "/usr/pyro-state" }, user);
    await expectFailure(other, "storage_unavailable", "cannot use /usr/pyro-state: it is not writable");
  });
});

describe.skipIf(!IS_ROOT)("the runtime directory", () => {
  test("of another user: the CLI does not trust what is there", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "0" });
    await mkdir(pyro.settings.runtimeDir, { recursive: true, mode: 0o700 });
    await chown(pyro.settings.runtimeDir, 65534, 65534);
    await expectFailure(
      pyro,
      "storage_unavailable",
      `cannot use ${pyro.settings.runtimeDir}: it belongs to another`,
    );
  });
});

describe.skipIf(!IS_ROOT)("the environment cache", () => {
  test("that cannot be written: a pull and a run say so", async () => {
    await using user = await OrdinaryUser.ensure();
    await using pyro = await TestPyro.create(
      { PYRO_POOL: "0", PYRO_ENVIRONMENT_CACHE_DIR: "/usr/pyro-cache" },
      user,
    );
    const pull = await pyro.json(["env", "pull", "debian:12-base"]);
    expect(pull.status).toBe(5);
    expect(errorOf(pull.value)).toMatchObject({ code: "storage_unavailable" });
    await expectFailure(pyro, "storage_unavailable", "/usr/pyro-cache");
    await expectNothingLeft(pyro);
  });
});
