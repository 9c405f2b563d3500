// Exports of snapshots that cannot be, or are interrupted: they say why, and what is there is whole.

import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { matching } from "../helpers/images/use-images.js";
import { readWhole, useSnapshotExports } from "../helpers/images/use-snapshot-exports.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { mountTmpfs } from "../helpers/tmpfs.js";

const INTERRUPTED = 130;

const exports = useSnapshotExports();

describe("an export that cannot be", () => {
  test.each([
    ["to what exists", "existing", 4, "export_refused"],
    ["to a directory that is not there", "missing/image", 3, "path_not_found"],
    ["below a file", "file/image", 2, "invalid_input"],
    ["to a reference in capitals", "localhost:5000/Team/x:1", 2, "invalid_input"],
    ["to a digest", `localhost:5000/team/x@sha256:${"0".repeat(64)}`, 2, "invalid_input"],
    ["to nobody's registry", "localhost:9/team/x:1", 5, "registry_unreachable"],
  ])("%s says why and leaves nothing", async (_, output, status, code) => {
    const directory = await exports().freshDirectory();
    await mkdir(path.join(directory, "existing"));
    await run("touch", path.join(directory, "file"));
    const given = output.startsWith("localhost") ? output : path.join(directory, output);
    expect(await exports().exportTo(given)).toMatchObject({ status, value: { error: { code } } });
    expect((await readdir(directory)).toSorted()).toEqual(["existing", "file"]);
    expect(await readdir(path.join(directory, "existing"))).toEqual([]);
  });

  test("of a snapshot that is not there names those that are", async () => {
    const failed = await exports().exportTo(path.join(await exports().freshDirectory(), "x"), "nothing");
    expect(failed).toMatchObject({ status: 3, value: { error: { code: "snapshot_not_found" } } });
    expect(JSON.stringify(failed.value)).toContain('["baseline","prepared"]');
  });

  test("to a disk that is full half-way, or read-only, leaves nothing and says so", async () => {
    await using small = await mountTmpfs(40);
    const full = await exports().exportTo(path.join(small.directory, "image"));
    expect(full).toMatchObject({ status: 7, value: { error: { code: "out_of_disk" } } });
    expect(await readdir(small.directory)).toEqual([]);
    await small.remountReadOnly();
    const readOnly = await exports().exportTo(path.join(small.directory, "image"));
    expect(readOnly).toMatchObject({ value: { error: { code: "storage_unavailable" } } });
  });

  test("to a registry that denies it says so before it makes the image", async () => {
    const denied = await exports().images.openRegistry("export-refused", { auth: "basic" });
    const output = exports().images.name("denied:1", denied);
    const refused = await exports().pyro.run([
      "workspace",
      "snapshot",
      "export",
      exports().id,
      "prepared",
      "--output",
      output,
    ]);
    expect(refused.status).toBe(5);
    expect(refused.stderr).not.toContain("phase=changes");
    expect(refused.stderr).toMatch(/error: .*\nhint: .*log ?in/i);
  });
});

describe("an export that is interrupted", () => {
  test.each(["collect", "changes", "write"])(
    "by a kill -9 of the daemon during %s leaves a whole image or none, and the next daemon nothing else",
    async (phase) => {
      const directory = await exports().freshDirectory();
      const daemon = await exports().pyro.daemonPid();
      if (daemon === undefined) throw new Error("no daemon runs");
      const { ended } = await exports().start(path.join(directory, "image"), phase);
      process.kill(daemon, "SIGKILL");
      await ended;
      // Writing takes so little that it may be over by now.
      const isThere = (await readdir(directory)).includes("image");
      if (isThere) expect(await readWhole(path.join(directory, "image"))).toBe(exports().digest);
      expect(await exports().digestOf(path.join(directory, "again"))).toBe(exports().digest);
      expect(await readdir(directory)).toEqual(isThere ? ["again", "image"] : ["again"]);
      expect(await readdir(path.join(exports().pyro.settings.stateDir, "scratch"))).toEqual([]);
    },
  );

  test("by Ctrl-C leaves nothing", async () => {
    const directory = await exports().freshDirectory();
    const { child, ended } = await exports().start(path.join(directory, "image"), "changes");
    child.kill("SIGINT");
    await ended;
    expect(child.exitCode).toBe(INTERRUPTED);
    await expect.poll(() => readdir(directory)).toEqual([]);
    await expect.poll(() => readdir(path.join(exports().pyro.settings.stateDir, "scratch"))).toEqual([]);
  });
});

describe("an environment that is not as it was", () => {
  test("stays for its workspaces when it is pruned", async () => {
    await exports().pyro.run(["env", "prune", "--images"]);
    expect(await exports().digestOf(path.join(await exports().freshDirectory(), "pruned"))).toBe(
      exports().digest,
    );
  });

  test("whose layers are gone becomes one layer, with the same tree", async () => {
    await rm(path.join(exports().pyro.settings.environmentCacheDir, "blobs"), { recursive: true });
    const layout = path.join(await exports().freshDirectory(), "layout");
    const made = await exports().exportTo(layout);
    expect(made).toMatchObject({ status: 0, value: { layers: [matching(/^sha256/), matching(/^sha256/)] } });
    expect(JSON.parse(await run("skopeo", "inspect", `oci:${layout}`))).toMatchObject({ Os: "linux" });
  });

  test("that was taken away by hand is named", async () => {
    const { value } = await exports().pyro.json(["env", "inspect", exports().images.name("debian:12")]);
    const installDir = /"install_dir":"([^"]+)"/.exec(JSON.stringify(value))?.[1] ?? "";
    await rename(installDir, `${installDir}-away`);
    try {
      const failed = await exports().exportTo(path.join(await exports().freshDirectory(), "x"));
      expect(failed).toMatchObject({ value: { error: { code: "environment_damaged" } } });
    } finally {
      await rename(`${installDir}-away`, installDir);
    }
  });
});

test("nothing of any export is left on the host", async () => {
  await exports().pyro.run(["workspace", "delete", exports().id]);
  await expectNothingLeft(exports().pyro);
});
