// The thin line of images: from a registry to a guest. Kinds of images and faults are in test/long/images.test.ts.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LIBEXEC_DIR, PACKAGE_VERSION } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";
import { serveProgram, type TinyRegistry } from "../helpers/images/tiny-registry.js";
import { TestPyro } from "../helpers/test-pyro.js";

/** A prepared machine has something in /workspace. */
const PREPARED = { "workspace/prepared": "in the image\n", "workspace/node_modules/x": "installed\n" };

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

let registry: TinyRegistry;
let pyro: TestPyro;
let image = "";

beforeAll(async () => {
  // A static program that every checkout has: the image has no shell and none of the usual directories.
  const config = { Entrypoint: ["/program"], Cmd: ["--version"], User: "65532", WorkingDir: "/srv/made" };
  registry = await serveProgram(path.join(LIBEXEC_DIR, "pyro-agent"), config, PREPARED);
  image = `${registry.host}/tiny/program:1`;
  pyro = await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: "" });
});

afterAll(async () => {
  await pyro[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test("an image of a registry runs its own command, and once it is installed asks nobody", async () => {
  const first = await pyro.run(["run", image]);
  expect(first.stderr).toMatch(/phase=install environment=\S+ step=download/);
  expect(first.stdout.toString()).toBe(`${PACKAGE_VERSION}\n`);
  const asked = registry.requests.length;
  expect((await pyro.run(["run", image])).stdout.toString()).toBe(`${PACKAGE_VERSION}\n`);
  expect(registry.requests).toHaveLength(asked);
  const again = await pyro.run(["env", "pull", image]);
  expect(again.stderr).toContain("unchanged=sha256:");
});

test("a workspace of an image without a shell works, and a command line says what is missing", async () => {
  const created = await pyro.json(["workspace", "create", image]);
  expect(created.value).toMatchObject({
    environment: image,
    environment_version: matching(/^sha256:/),
  });
  const id = JSON.stringify(created.value).match(/ws_[a-z2-7]{12}/)?.[0] ?? "";
  expect((await pyro.run(["workspace", "file", "write", id, "a.txt", "--text", "a\n"])).status).toBe(0);
  expect((await pyro.run(["workspace", "diff", id])).stdout.toString()).toContain("+a\n");
  const exec = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", "true"]);
  expect(exec.status).toBe(127);
  const shell = await pyro.run(["workspace", "shell", "open", id]);
  expect(shell.stderr).toContain(
    "the guest has no shell: no bash and no sh in its PATH\nhint: Its programs run",
  );
  expect(shell.status).toBe(5);
  expect((await pyro.run(["workspace", "delete", id])).status).toBe(0);
});

test("what an image has in /workspace is the baseline, and a seed lies over it", async () => {
  const seed = path.join(pyro.directory, "seed");
  await mkdir(seed);
  await writeFile(path.join(seed, ".gitignore"), "node_modules\n");
  const init = await runProcess(["git", "init", "--quiet", seed]);
  expect(init.exitCode).toBe(0);
  for (const seeding of [[], ["--seed-path", seed]]) {
    const created = await pyro.run(["workspace", "create", image, "--id-only", ...seeding]);
    const id = created.stdout.toString().trim();
    const diff = async () => (await pyro.run(["workspace", "diff", id])).stdout.toString();
    expect(await diff()).toBe("");
    await pyro.run(["workspace", "file", "write", id, "prepared", "--text", "changed\n"]);
    expect(await diff()).toContain("-in the image\n+changed\n");
    await pyro.run(["workspace", "reset", id]);
    expect(await diff()).toBe("");
    await pyro.run(["workspace", "delete", id]);
  }
});

test("an image that was exported to a directory is an environment without a registry", async () => {
  const created = await pyro.run(["workspace", "create", image, "--id-only"]);
  const id = created.stdout.toString().trim();
  await pyro.run(["workspace", "file", "write", id, "here", "--text", "kept\n"]);
  await pyro.run(["workspace", "snapshot", "create", id, "made"]);
  const layout = path.join(pyro.directory, "layout");
  const exported = await pyro.run(["workspace", "snapshot", "export", id, "made", "--output", layout]);
  expect(exported.status).toBe(0);
  await pyro.run(["workspace", "delete", id]);
  const ran = await pyro.run(["run", `oci:${layout}`]);
  expect(ran.stdout.toString()).toBe(`${PACKAGE_VERSION}\n`);
  expect(await pyro.json(["env", "pull", "oci:./none"])).toMatchObject({
    status: 3,
    value: { error: { code: "image_not_found", message: matching(/\/none$/) } },
  });
});

test("an image without any program of its own can be prepared", async () => {
  const prepared = await pyro.run(["prepare", image]);
  expect(prepared.stdout.toString()).toContain("Daily loop: warm\n");
  expect(prepared.status).toBe(0);
});

test("what the registry does not have is not found", async () => {
  const failed = await pyro.json(["env", "pull", `${registry.host}/tiny/none:1`]);
  expect(failed).toMatchObject({ status: 3, value: { error: { code: "image_not_found" } } });
});
