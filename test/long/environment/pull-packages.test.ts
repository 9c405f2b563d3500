// Real installations of Debian from its packages.

import { chown, lstat, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import { PackagesSource } from "../../../src/environment/packages-source.js";
import { readTree } from "../../../src/environment/read-tree.js";
import { removeTree } from "../../../src/environment/remove-tree.js";
import { runPull, startPull } from "../../unit/environment/store-process.js";
import { failureOf } from "../../helpers/failure-of.js";
import { findDescendants, findSurvivors } from "./process-tree.js";
import { makeTemporaryUser, type TemporaryUser } from "./temporary-user.js";

const run = promisify(execFile);
const IS_ROOT = process.geteuid?.() === 0;
const NOBODY = () => false;

async function makeCacheDir(owner?: TemporaryUser): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro env: "));
  onTestFinished(() => removeTree(directory));
  if (owner) await chown(directory, owner.uid, owner.gid);
  return directory;
}

async function visibleNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith(".lock-"));
}

test("a minimal Debian is installed, found, damaged, and repaired", async () => {
  const store = new EnvironmentStore(await makeCacheDir());
  const install = await store.pull("debian:12-base");
  const { rootfsDir, manifest } = install;
  expect(manifest.source).toBe("packages");
  expect(manifest.packages.map(({ name }) => name)).toEqual(expect.arrayContaining(["apt", "bash", "libc6"]));
  expect(await readdir(path.join(rootfsDir, "dev"))).toEqual(["pts", "shm"]);
  for (const name of ["usr/share/man", "var/lib/apt/lists", "var/cache/apt/archives"]) {
    const files = (await readTree(path.join(rootfsDir, name))).filter(
      ({ type, sizeBytes }) => type === "file" && sizeBytes > 0,
    );
    expect(
      files.map((file) => file.path),
      name,
    ).toEqual([]);
  }
  expect(await readFile(path.join(rootfsDir, "etc", "hostname"), "utf8")).toBe("pyro\n");
  const apt = await readFile(path.join(rootfsDir, "etc/apt/sources.list"), "utf8");
  expect(apt).toContain("http://deb.debian.org/debian bookworm main");
  const owner = (await lstat(path.join(rootfsDir, "bin/bash"))).uid;
  expect(owner).toBe(process.geteuid?.());

  await writeFile(path.join(rootfsDir, "etc", "debian_version"), "damaged\n");
  expect((await store.inspect("debian:12-base")).damage).toContain("/etc/debian_version");
  const repaired = await store.ensure("debian:12-base");
  expect(await readFile(path.join(repaired.rootfsDir, "etc", "debian_version"), "utf8")).toMatch(/^12\./);
  expect(repaired.digest).toBe(install.digest);
  expect((await store.prune(NOBODY)).deletedEnvironmentDirs).toEqual([install.installDir]);
});

test.skipIf(!IS_ROOT)(
  "an ordinary user's pull that is killed leaves no process; the next installs files of the user alone [needs root to make a user]",
  async () => {
    const user = await makeTemporaryUser({ subordinateIds: true });
    const pull = { cacheDir: await makeCacheDir(user), environment: "debian:12-base", prefix: user.prefix };
    await killInTheMiddle(pull);
    const partial = await visibleNames(pull.cacheDir);
    expect(partial).toEqual([expect.stringContaining(".partial-debian-12-base-")]);

    const events = await runPull(pull);
    expect(events.at(-1)?.["installDir"]).toContain(pull.cacheDir);
    expect(await visibleNames(pull.cacheDir)).not.toContain(partial[0]);
    const foreign = await run("find", [pull.cacheDir, "!", "-uid", String(user.uid)]);
    expect(foreign.stdout).toBe("");
    const passwd = await lstat(path.join(pull.cacheDir, "debian-12-base", "rootfs", "usr", "bin", "passwd"));
    expect(passwd.mode & 0o7777).toBe(0o4755);
  },
);

test("a pull killed with -9 leaves no process, and prune gives its space back", async () => {
  const pull = { cacheDir: await makeCacheDir(), environment: "debian:12-base" };
  await killInTheMiddle(pull);
  const pruned = await new EnvironmentStore(pull.cacheDir).prune(NOBODY);
  expect(pruned.count).toBe(1);
  expect(pruned.freedBytes).toBeGreaterThan(1_000_000);
  expect(await visibleNames(pull.cacheDir)).toEqual([]);
});

test("a pull that is cancelled during its downloads ends and leaves nothing", async () => {
  const cacheDir = await makeCacheDir();
  const controller = new AbortController();
  const pull = new EnvironmentStore(cacheDir).pull("debian:12-base", {
    signal: controller.signal,
    onProgress: ({ fields }) => {
      if (fields["step"] === "download") controller.abort();
    },
  });
  await expect(pull).rejects.toMatchObject({ name: "AbortError" });
  expect(await visibleNames(cacheDir)).toEqual([]);
});

test("a mirror that is down is an unavailable source, with what apt said", async () => {
  const aptDir = await makeCacheDir();
  const suites = ["bookworm", "bookworm-updates", "bookworm-security"];
  const lines = suites.map((suite) => `deb http://127.0.0.1:9/debian ${suite} main\n`);
  await writeFile(path.join(aptDir, "sources.list"), lines.join(""));
  const cacheDir = await makeCacheDir();
  const store = new EnvironmentStore(cacheDir, [new PackagesSource({ aptDir })]);
  const error = await failureOf(store.pull("debian:12-base"));
  expect(error.code).toBe("source_unavailable");
  expect(error.message).toContain("127.0.0.1:9");
  expect(await visibleNames(cacheDir)).toEqual([]);
});

test.skipIf(!IS_ROOT)(
  "a full disk is said to be full, and nothing stays on it [needs root to mount one]",
  async () => {
    const disk = await makeCacheDir();
    await run("mount", ["-t", "tmpfs", "-o", "size=50m", "tmpfs", disk]);
    onTestFinished(async () => {
      await run("umount", [disk]);
    });
    const cacheDir = path.join(disk, "cache");
    expect((await failureOf(new EnvironmentStore(cacheDir).pull("debian:12-base"))).code).toBe("out_of_disk");
    expect(await visibleNames(cacheDir)).toEqual([]);
  },
);

test.skipIf(!IS_ROOT)(
  "a user without subordinate ids is told the cure [needs root to make a user]",
  async () => {
    const user = await makeTemporaryUser({ subordinateIds: false });
    const events = await runPull({
      cacheDir: await makeCacheDir(user),
      environment: "debian:12-base",
      prefix: user.prefix,
    });
    expect(events.at(-1)).toMatchObject({ error: { code: "source_unavailable" } });
    expect(JSON.stringify(events.at(-1))).toMatch(new RegExp(`usermod .* ${user.name}`));
  },
);

test.skipIf(!IS_ROOT)(
  "another user's cache is not writable, and said so [needs root to make a user]",
  async () => {
    const user = await makeTemporaryUser({ subordinateIds: false });
    const cacheDir = await makeCacheDir();
    const events = await runPull({ cacheDir, environment: "debian:12-base", prefix: user.prefix });
    expect(events.at(-1)).toMatchObject({ error: { code: "storage_unavailable" } });
  },
);

/** Starts a pull, kills it with -9 while packages are being installed, and sees that all its processes die. */
async function killInTheMiddle(pull: Parameters<typeof startPull>[0]): Promise<void> {
  const { child, lines } = await startPull(pull);
  for await (const { fields } of lines) {
    if (typeof fields === "object" && fields && "step" in fields && fields.step === "essential") break;
  }
  const descendants = await findDescendants(child.pid ?? 0);
  expect(descendants.length).toBeGreaterThan(4);
  child.kill("SIGKILL");
  expect(await findSurvivors(descendants)).toEqual([]);
}
