// A pull in a Node process of its own, so that it can be killed, run as another user, or race with ours.

import { spawn, type ChildProcess } from "node:child_process";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import ts from "typescript";
import { onTestFinished } from "vitest";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";

const FOLDERS = ["contract", "platform", "environment", "environment/image"] as const;

const BODY = `
import { EnvironmentStore } from "./environment/environment-store.js";
import { PackagesSource } from "./environment/packages-source.js";
const [cacheDir, environment, aptDir] = process.argv.slice(2);
const source = new PackagesSource(aptDir ? { aptDir } : {});
const tell = (event) => console.log(JSON.stringify(event));
const fake = {
  name: "packages",
  async install({ rootfsDir }) {
    tell({ fake: "begun" });
    const { writeFile } = await import("node:fs/promises");
    await writeFile(rootfsDir + "/file", "text");
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { mirrors: [] };
  },
};
const store = new EnvironmentStore(cacheDir, [aptDir === "fake" ? fake : source]);
try {
  const install = await store.pull(environment, { onProgress: tell });
  tell({ installDir: install.installDir, digest: install.digest });
} catch (error) {
  tell({ error: { code: error.code, message: error.message, hint: error.hint } });
}
`;

export interface StoreProcessOptions {
  readonly cacheDir: string;
  readonly environment: string;
  /** Where its apt sources are; "fake" replaces the packages by one file that takes 0.3 s. */
  readonly aptDir?: string;
  /** Put before the command, such as `setpriv --reuid …`. */
  readonly prefix?: readonly string[];
}

export type StoreEvent = Readonly<Record<string, unknown>>;

/** Starts a pull; it is killed with the test. Its events are on `lines`. */
export async function startPull(options: StoreProcessOptions) {
  const { cacheDir, environment, aptDir = "", prefix = [] } = options;
  const script = await compileStore();
  const [program, ...args] = [...prefix, process.execPath, script, cacheDir, environment, aptDir];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, lines: readEvents(child) };
}

/** Runs a pull to its end and returns all that it told. */
export async function runPull(options: StoreProcessOptions): Promise<StoreEvent[]> {
  const { lines } = await startPull(options);
  const events: StoreEvent[] = [];
  for await (const event of lines) events.push(event);
  return events;
}

async function* readEvents(child: ChildProcess): AsyncGenerator<StoreEvent> {
  if (!child.stdout) throw new Error("stdout is no pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = JSON.parse(line);
    yield Object(event);
  }
}

/** Compiles what a store needs, readable for any user; gone with the test. */
async function compileStore(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-store-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  await copyFile(path.join(PACKAGE_ROOT, "package.json"), path.join(directory, "package.json"));
  // Not a link: the other user may not be allowed to read where the package is.
  const zod = path.join("node_modules", "zod");
  await cp(await realpath(path.join(PACKAGE_ROOT, zod)), path.join(directory, zod), { recursive: true });
  const target = path.join(directory, "dist");
  for (const folder of FOLDERS) {
    await mkdir(path.join(target, folder), { recursive: true });
    for (const name of await readdir(path.join(PACKAGE_ROOT, "src", folder))) {
      if (!name.endsWith(".ts")) continue;
      const source = await readFile(path.join(PACKAGE_ROOT, "src", folder, name), "utf8");
      await writeFile(path.join(target, folder, name.replace(/\.ts$/, ".js")), transpile(source));
    }
  }
  const script = path.join(target, "pull.js");
  await writeFile(script, BODY);
  return script;
}

function transpile(source: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
