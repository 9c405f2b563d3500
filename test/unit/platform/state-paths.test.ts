import { lstat, mkdir, readlink, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  ensurePrivateDirectory,
  ensureStateDirectories,
  resolveStatePaths,
} from "../../../src/platform/state-paths.js";
import { findForeignDirectory } from "../helpers/foreign-directory.js";
import { makeSettings } from "../helpers/settings.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

describe("ensureStateDirectories", () => {
  test("makes state and runtime directories for this user alone, and a short way to the state", async () => {
    const settings = await makeSettings();
    const paths = await ensureStateDirectories(settings);
    expect(paths).toEqual(resolveStatePaths(settings));
    for (const directory of [settings.stateDir, settings.runtimeDir, path.dirname(settings.runtimeDir)]) {
      expect((await stat(directory)).mode & 0o777).toBe(0o700);
    }
    expect(await readlink(paths.shortState)).toBe(settings.stateDir);
  });

  test.each(["long ".repeat(40).trimEnd(), 'it\'s a "state", size=1,dir=/etc:ro %COMMAND%', "größe\n"])(
    "gives a state directory called %j a short and plain name",
    async (name) => {
      const settings = await makeSettings(name);
      const { state, shortState } = await ensureStateDirectories(settings);
      expect(shortState).toMatch(/^[\w./-]{1,100}$/);
      await writeFile(path.join(shortState, "made"), "");
      expect((await stat(path.join(state, "made"))).isFile()).toBe(true);
    },
  );

  test("can be called again and by many at once", async () => {
    const settings = await makeSettings();
    const all = await Promise.all(Array.from({ length: 20 }, () => ensureStateDirectories(settings)));
    for (const { shortState } of all) expect(await readlink(shortState)).toBe(settings.stateDir);
  });

  test("leads a link that points elsewhere to the state", async () => {
    const settings = await makeSettings();
    const { shortState } = resolveStatePaths(settings);
    await mkdir(settings.runtimeDir, { recursive: true, mode: 0o700 });
    await symlink("/somewhere/else", shortState);
    await ensureStateDirectories(settings);
    expect(await readlink(shortState)).toBe(settings.stateDir);
  });

  test("refuses a runtime directory that another user made first", async () => {
    const settings = { ...(await makeSettings()), runtimeDir: path.join(await findForeignDirectory(), "x") };
    await expect(ensureStateDirectories(settings)).rejects.toMatchObject({ code: "storage_unavailable" });
  });
});

describe("ensurePrivateDirectory refuses", () => {
  test("a directory of another user", async () => {
    const directory = await findForeignDirectory();
    await expect(ensurePrivateDirectory(directory)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: `cannot use ${directory}: it belongs to another user or is no directory`,
    });
  });

  test("a link, also one to a directory of this user", async () => {
    const directory = await makeTempDirectory();
    const link = path.join(directory, "link");
    await mkdir(path.join(directory, "target"));
    await symlink("target", link);
    await expect(ensurePrivateDirectory(link)).rejects.toMatchObject({ code: "storage_unavailable" });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  test("a file, and what lies below one", async () => {
    const file = path.join(await makeTempDirectory(), "file");
    await writeFile(file, "");
    await expect(ensurePrivateDirectory(file)).rejects.toMatchObject({ code: "storage_unavailable" });
    await expect(ensurePrivateDirectory(path.join(file, "x"))).rejects.toMatchObject({
      code: "storage_unavailable",
    });
  });

  test("a place that takes no directories, and says so", async () => {
    // Not even root makes directories in sysfs.
    await expect(ensurePrivateDirectory("/sys/pyro-test")).rejects.toMatchObject({
      code: "storage_unavailable",
      message: "cannot use /sys/pyro-test: it is not writable",
    });
  });
});
