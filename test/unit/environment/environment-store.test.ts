import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { EnvironmentStore } from "../../../src/environment/environment-store.js";
import type { InstalledEnvironment } from "../../../src/environment/installed-environment.js";
import type { PullProgress } from "../../../src/environment/progress.js";
import { failureOf } from "../../helpers/failure-of.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { FakeSource } from "./fake-source.js";

async function makeStore() {
  const cacheDir = path.join(await makeTempDirectory(), "cache");
  const source = new FakeSource();
  return { cacheDir, source, store: new EnvironmentStore(cacheDir, [source]) };
}

async function visibleNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith(".lock-")).sort();
}

test("nothing is installed at first, and looking changes nothing", async () => {
  const { store, cacheDir } = await makeStore();
  expect((await store.list()).map(({ name, installed }) => [name, installed])).toEqual([
    ["debian:12", undefined],
    ["debian:12-base", undefined],
    ["debian:12-build", undefined],
  ]);
  expect(await store.find("debian:12")).toBeUndefined();
  expect(await store.inspect("debian:12")).toMatchObject({ installed: undefined, damage: undefined });
  await expect(stat(cacheDir)).rejects.toThrow("ENOENT");
});

test("a pull installs once, records what it installed, and says what it does", async () => {
  const { store, source, cacheDir } = await makeStore();
  const told: PullProgress[] = [];
  const install = await store.pull("debian:12", { onProgress: (progress) => told.push(progress) });
  expect(told[0]).toEqual({ phase: "install", fields: { environment: "debian:12" } });
  expect(told.at(-1)).toEqual({ phase: "ready", fields: { environment: "debian:12" } });

  expect(path.basename(install.installDir)).toBe(`debian-12-${install.digest.slice(7, 19)}`);
  expect(await readFile(path.join(install.rootfsDir, "usr/bin/tool"), "utf8")).toContain("debian:12");
  expect(install.manifest).toMatchObject({
    source: "packages",
    mirrors: ["http://mirror.example/debian bookworm"],
  });
  expect(await visibleNames(cacheDir)).toEqual(["debian-12", path.basename(install.installDir)]);
  expect(await visibleNames(install.installDir)).toEqual(["listing", "manifest.json", "rootfs"]);

  expect((await store.pull("debian:12")).installDir).toBe(install.installDir);
  expect((await store.ensure("debian:12")).installDir).toBe(install.installDir);
  expect((await store.find("debian:12"))?.installDir).toBe(install.installDir);
  expect(source.count).toBe(1);
});

test("an install is closed to other users: its setuid programs are not for the host", async () => {
  const { store } = await makeStore();
  const { installDir } = await store.pull("debian:12");
  expect((await stat(installDir)).mode & 0o777).toBe(0o700);
});

test("the tree has every mount point, and nothing of the host's identity", async () => {
  const { store, source } = await makeStore();
  source.during = async ({ rootfsDir }) => {
    await mkdir(path.join(rootfsDir, "etc"));
    await writeFile(path.join(rootfsDir, "etc", "hostname"), "secret-host\n");
    await writeFile(path.join(rootfsDir, "etc", "resolv.conf"), "nameserver 10.0.0.1\n");
  };
  const { rootfsDir } = await store.pull("debian:12");
  for (const name of ["proc", "sys", "sys/fs/cgroup", "dev/pts", "dev/shm", "workspace"]) {
    expect((await lstat(path.join(rootfsDir, name))).isDirectory(), name).toBe(true);
  }
  const modeOf = async (name: string) => (await lstat(path.join(rootfsDir, name))).mode & 0o7777;
  expect(await modeOf("run/pyro")).toBe(0o700);
  expect(await modeOf("tmp")).toBe(0o1777);
  expect(await modeOf("usr/lib/pyro/pyro-agent")).toBe(0o755);
  expect(await readdir(path.join(rootfsDir, "tmp"))).toEqual([".pyro-keep"]);
  const read = (name: string) => readFile(path.join(rootfsDir, name), "utf8");
  expect(await read("etc/hostname")).toBe("pyro\n");
  expect(await read("etc/resolv.conf")).toBe("");
  expect(await read("etc/machine-id")).toBe("");
});

test("a tree in which a directory is a link out of it is refused, and nothing outside is touched", async () => {
  const { store, source, cacheDir } = await makeStore();
  const outside = await makeTempDirectory();
  source.during = async ({ rootfsDir }) => {
    await symlink(outside, path.join(rootfsDir, "etc"));
  };
  await expect(store.pull("debian:12")).rejects.toThrow("is no directory");
  expect(await readdir(outside)).toEqual([]);
  expect(await visibleNames(cacheDir)).toEqual([]);
});

const DAMAGES: readonly (readonly [string, (install: InstalledEnvironment) => Promise<void>])[] = [
  ["a file is gone", ({ rootfsDir }) => rm(path.join(rootfsDir, "usr/bin/tool"))],
  ["a file was cut off", ({ rootfsDir }) => writeFile(path.join(rootfsDir, "usr/bin/tool"), "")],
  ["a file was touched", ({ rootfsDir }) => utimes(path.join(rootfsDir, "usr/bin/tool"), 1, 1)],
  ["a file was added", ({ rootfsDir }) => writeFile(path.join(rootfsDir, "usr/bin/new"), "x")],
  ["the tree is gone", ({ rootfsDir }) => rm(rootfsDir, { recursive: true })],
  ["the listing is empty", ({ installDir }) => writeFile(path.join(installDir, "listing"), "")],
  ["the listing is gone", ({ installDir }) => rm(path.join(installDir, "listing"))],
  [
    "the manifest is cut off",
    ({ installDir }) => writeFile(path.join(installDir, "manifest.json"), '{"name":'),
  ],
  ["the install is gone", ({ installDir }) => rm(installDir, { recursive: true })],
];

test.each(DAMAGES)(
  "an install in which %s does not count, and the next pull repairs it",
  async (_, damage) => {
    const { store, source, cacheDir } = await makeStore();
    const first = await store.pull("debian:12");
    await damage(first);
    // Another process that starts now sees the damage; this one when it looks closely.
    expect(await new EnvironmentStore(cacheDir, []).find("debian:12")).toBeUndefined();
    expect((await store.inspect("debian:12")).damage).toEqual(expect.any(String));
    const second = await store.pull("debian:12");
    expect(source.count).toBe(2);
    expect(await new EnvironmentStore(cacheDir, []).find("debian:12")).toEqual(second);
    expect((await store.inspect("debian:12")).damage).toBeUndefined();
  },
);

test("a repair leaves the damaged install alone: guests may be using it", async () => {
  const { store } = await makeStore();
  const first = await store.pull("debian:12");
  await rm(path.join(first.rootfsDir, "bin"));
  const second = await store.pull("debian:12");
  expect(second.digest).toBe(first.digest);
  expect(path.basename(second.installDir)).toBe(`${path.basename(first.installDir)}-2`);
  expect(await readFile(path.join(first.rootfsDir, "usr/bin/tool"), "utf8")).toContain("debian:12");
});

test("an install under another environment's name does not count", async () => {
  const { store, cacheDir } = await makeStore();
  await store.pull("debian:12");
  await rename(path.join(cacheDir, "debian-12"), path.join(cacheDir, "debian-12-base"));
  expect(await store.find("debian:12-base")).toBeUndefined();
});

test("two pulls at once do the work once, and the second says that it waits", async () => {
  const { store, source } = await makeStore();
  const phases: string[] = [];
  let second: Promise<InstalledEnvironment> | undefined;
  source.during = async () => {
    const waiting = new Promise<void>((resolve) => {
      const onProgress = ({ phase }: PullProgress) => {
        phases.push(phase);
        if (phase === "lock") resolve();
      };
      second = store.pull("debian:12", { onProgress });
    });
    await waiting;
  };
  const first = await store.pull("debian:12");
  expect(await second).toEqual(first);
  expect(source.count).toBe(1);
  expect(phases).toEqual(["install", "lock", "ready"]);
});

test("one who waits for another pull can give up", async () => {
  const { store, source } = await makeStore();
  const controller = new AbortController();
  let outcome: Promise<unknown> | undefined;
  source.during = async () => {
    const onProgress = ({ phase }: PullProgress) => {
      if (phase === "lock") controller.abort();
    };
    outcome = store
      .pull("debian:12", { signal: controller.signal, onProgress })
      .catch((error: unknown) => error);
    await outcome;
  };
  await store.pull("debian:12");
  expect(await outcome).toMatchObject({ name: "AbortError" });
});

test("a pull that fails leaves nothing, and the next one starts afresh", async () => {
  const { store, source, cacheDir } = await makeStore();
  source.during = () => Promise.reject(new Error("cable cut"));
  await expect(store.pull("debian:12")).rejects.toThrow("cable cut");
  expect(await visibleNames(cacheDir)).toEqual([]);
  source.during = () => undefined;
  await store.pull("debian:12");
});

test("what a killed pull left is removed by the next one of the same environment only", async () => {
  const { store, cacheDir } = await makeStore();
  const own = ".partial-debian-12-0123456789ab";
  const other = ".partial-debian-12-base-0123456789ab";
  await mkdir(path.join(cacheDir, own, "rootfs"), { recursive: true });
  await mkdir(path.join(cacheDir, other), { recursive: true });
  await store.pull("debian:12");
  const names = await visibleNames(cacheDir);
  expect(names).not.toContain(own);
  expect(names).toContain(other);
});

test("a source that is unavailable gives way to the next one, and says why", async () => {
  const { store, cacheDir, source } = await makeStore();
  const registry = new FakeSource("oci");
  registry.during = () => {
    throw new PyroError("source_unavailable", "the registry is down");
  };
  const told: PullProgress[] = [];
  const both = new EnvironmentStore(cacheDir, [registry, source], "registry.example/pyro");
  const install = await both.pull("debian:12", { onProgress: (progress) => told.push(progress) });
  expect(install.manifest.source).toBe("packages");
  expect(told).toContainEqual({
    phase: "source",
    fields: { source: "oci", skipped: "the registry is down" },
  });

  registry.during = () => {
    throw new PyroError("out_of_disk", "full");
  };
  expect((await failureOf(both.pull("debian:12-base"))).code).toBe("out_of_disk");
  expect((await store.list()).filter(({ installed }) => installed)).toHaveLength(1);
});

test("a source that was asked for is the only one that is tried", async () => {
  const { store, source, cacheDir } = await makeStore();
  expect((await failureOf(store.pull("debian:12", { source: "oci" }))).code).toBe("invalid_input");
  const published = new EnvironmentStore(cacheDir, [source], "registry.example/pyro");
  expect((await failureOf(published.pull("debian:12", { source: "oci" }))).code).toBe("source_unavailable");
  expect(source.count).toBe(0);
  expect((await store.pull("debian:12", { source: "packages" })).manifest.source).toBe("packages");
});

test("an unknown environment is not found, whatever is asked of it", async () => {
  const { store } = await makeStore();
  for (const call of [store.find("x"), store.inspect("x"), store.ensure("x"), store.pull("x")]) {
    expect((await failureOf(call)).code).toBe("environment_not_found");
  }
});

test("a cache that cannot be made is reported with its path and the cure", async () => {
  const file = path.join(await makeTempDirectory(), "file");
  await writeFile(file, "");
  for (const cacheDir of [file, path.join(file, "cache"), "/proc/pyro"]) {
    const error = await failureOf(new EnvironmentStore(cacheDir, [new FakeSource()]).pull("debian:12"));
    expect(error.code, cacheDir).toBe("storage_unavailable");
    expect(error.message).toContain(cacheDir);
    expect(error.hint).toContain("PYRO_ENVIRONMENT_CACHE_DIR");
  }
});
