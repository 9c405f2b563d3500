import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ensureEngineBuild } from "../../../../src/machine/gvisor/build.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

const PROGRAMS = { runsc: "the engine's program", "pyro-agent": "the agent's program" } as const;
const MANIFEST = {
  runsc: { sha256: sha256(PROGRAMS.runsc), version: "1.0" },
  "pyro-agent": { sha256: sha256(PROGRAMS["pyro-agent"]), version: "2.0" },
};

/** A package's libexec with two programs, and an empty state. */
async function makePackage() {
  const directory = await makeTempDirectory();
  const libexec = path.join(directory, "libexec");
  const state = path.join(directory, "state");
  await mkdir(libexec);
  for (const [name, content] of Object.entries(PROGRAMS)) await writeFile(path.join(libexec, name), content);
  await writeFile(path.join(libexec, "manifest.json"), JSON.stringify(MANIFEST));
  return { libexec, state, ensure: () => ensureEngineBuild(state, libexec) };
}

test("the programs are in the state, executable, each below the digest of its content", async () => {
  const { state, ensure } = await makePackage();
  const build = await ensure();
  expect(build.version).toBe("1.0");
  expect(build.runscPath).toBe(path.join(state, "engine", MANIFEST.runsc.sha256.slice(0, 16), "runsc"));
  for (const [file, content] of [
    [build.runscPath, PROGRAMS.runsc],
    [build.agentPath, PROGRAMS["pyro-agent"]],
  ] as const) {
    expect(await readFile(file, "utf8")).toBe(content);
    expect((await stat(file)).mode & 0o777).toBe(0o755);
    expect(await readdir(path.dirname(file))).toHaveLength(1);
  }
});

test("the second time nothing is copied, also when the package is gone but for its manifest", async () => {
  const { libexec, ensure } = await makePackage();
  const first = await ensure();
  const before = await stat(first.runscPath);
  await rm(path.join(libexec, "runsc"));
  expect(await ensure()).toEqual(first);
  expect((await stat(first.runscPath)).ino).toBe(before.ino);
});

test("another build stands beside the one that guests run on", async () => {
  const { libexec, ensure } = await makePackage();
  const old = await ensure();
  await writeFile(path.join(libexec, "runsc"), "newer");
  const manifest = { ...MANIFEST, runsc: { sha256: sha256("newer"), version: "1.1" } };
  await writeFile(path.join(libexec, "manifest.json"), JSON.stringify(manifest));
  const build = await ensure();
  expect(build.digest).not.toBe(old.digest);
  expect(build.agentPath).toBe(old.agentPath);
  expect(await readFile(old.runscPath, "utf8")).toBe(PROGRAMS.runsc);
});

describe("a copy in the state that cannot start is made again:", () => {
  test("one that was cut short", async () => {
    const { ensure } = await makePackage();
    const { runscPath } = await ensure();
    await truncate(runscPath, 3);
    await ensure();
    expect(await readFile(runscPath, "utf8")).toBe(PROGRAMS.runsc);
  });

  test("one that is not executable", async () => {
    const { ensure } = await makePackage();
    const { runscPath } = await ensure();
    await chmod(runscPath, 0o644);
    await ensure();
    expect((await stat(runscPath)).mode & 0o111).toBe(0o111);
  });
});

describe("is unavailable, with what cures it, when", () => {
  test("a program is missing", async () => {
    const { libexec, ensure } = await makePackage();
    await rm(path.join(libexec, "pyro-agent"));
    await expect(ensure()).rejects.toMatchObject({
      code: "engine_unavailable",
      message: `pyro-agent is missing: ${libexec}/pyro-agent`,
    });
    await expect(ensure()).rejects.toHaveProperty("hint", expect.stringContaining("make build"));
  });

  test("a program is not the one that the manifest names, and then nothing of it is kept", async () => {
    const { libexec, state, ensure } = await makePackage();
    await writeFile(path.join(libexec, "runsc"), "the engine's PROGRAM");
    await expect(ensure()).rejects.toMatchObject({
      code: "engine_unavailable",
      message: `runsc is not the build that belongs to this package: ${libexec}/runsc`,
    });
    expect(await readdir(path.join(state, "engine"))).toEqual([]);
  });

  test("the manifest is missing", async () => {
    const { libexec, ensure } = await makePackage();
    await rm(path.join(libexec, "manifest.json"));
    await expect(ensure()).rejects.toMatchObject({
      code: "engine_unavailable",
      message: `the engine's programs are missing: ${libexec}/manifest.json`,
    });
  });

  test.each(["", "{", "{}", JSON.stringify({ ...MANIFEST, runsc: { sha256: "../../etc", version: "1" } })])(
    "the manifest is damaged: %s",
    async (content) => {
      const { libexec, ensure } = await makePackage();
      await writeFile(path.join(libexec, "manifest.json"), content);
      await expect(ensure()).rejects.toMatchObject({
        code: "engine_unavailable",
        message: `the engine's programs have a damaged manifest: ${libexec}/manifest.json`,
      });
    },
  );
});
