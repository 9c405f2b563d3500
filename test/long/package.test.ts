// The package as npm makes and installs it: what is in it, and that it works from an empty project.

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { PACKAGE_ROOT, PACKAGE_VERSION } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";
import { isStripped } from "../helpers/elf.js";
import { expectDaemonLeftNothing } from "../helpers/nothing-left.js";
import { TestPyro } from "../helpers/test-pyro.js";

const NPM_TIMEOUT_MS = 600_000;
const PackReport = z
  .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string(), mode: z.number() })) }))
  .length(1);

let project: string;
let files: readonly { readonly path: string; readonly mode: number }[];

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/" };
  const { exitCode, stdout, stderr } = await runProcess(["npm", ...args], {
    cwd,
    env,
    timeoutMs: NPM_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")}: ${stderr}`);
  return stdout;
}

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "pyro-project-"));
  // The build is that of the checkout: building is not what is tested.
  const report = await npm(PACKAGE_ROOT, "pack", "--ignore-scripts", "--json", "--pack-destination", project);
  const [packed] = PackReport.parse(JSON.parse(report));
  if (!packed) throw new Error("npm has packed nothing");
  ({ files } = packed);
  await writeFile(path.join(project, "package.json"), JSON.stringify({ name: "empty", private: true }));
  await npm(project, "install", "--no-audit", "--no-fund", path.join(project, packed.filename));
});
afterAll(() => rm(project, { recursive: true, force: true }));

test("it holds the programs, executable and stripped, and the licences of what is in them", async () => {
  const installed = path.join(project, "node_modules", "pyro-mcp", "libexec");
  for (const name of ["runsc", "pyro-agent"]) {
    expect(files.find((file) => file.path === `libexec/${name}`)?.mode).toBe(0o755);
    expect(await isStripped(path.join(installed, name))).toBe(true);
  }
  const licences = await readdir(path.join(installed, "licenses"));
  for (const name of ["gvisor.dev_gvisor", "connectrpc.com_connect", "go"]) {
    expect(licences).toContain(`${name}-LICENSE`);
  }
});

test("it holds no sources, no tests, and nothing of the machine that made it", () => {
  const paths = files.map((file) => file.path);
  expect(paths).toContain("package.json");
  expect(paths).toContain("bin/pyro");
  const stray = paths.filter((name) =>
    /^(src|test|agent|bench|scripts|proto|third-party|node_modules)\//.test(name),
  );
  expect(stray).toEqual([]);
  expect(paths.filter((name) => /\.test\.|\.tsbuildinfo$|(^|\/)\.env/.test(name))).toEqual([]);
});

test("it runs from the project that it was installed into", async () => {
  const cli = path.join(project, "node_modules", ".bin", "pyro");
  await using pyro = await TestPyro.create();
  expect((await pyro.run(["--version"], { cli })).stdout.toString()).toBe(`${PACKAGE_VERSION}\n`);
  const { status, stdout, stderr } = await pyro.run(["run", "debian:12", "--", "echo", "installed"], { cli });
  expect(stderr).not.toMatch(/^error/m);
  expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "installed\n" });
  await pyro.run(["daemon", "stop"], { cli });
  await expectDaemonLeftNothing(pyro);
});
