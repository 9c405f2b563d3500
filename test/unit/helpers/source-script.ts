// Runs modules of src in a Node process of their own, without a build: they are compiled one by one.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";
import { onTestFinished } from "vitest";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { makeTempDirectory } from "./temp-directory.js";

const RELATIVE_IMPORT = /from "(\.[^"]+)\.js"/g;

/**
 * Starts `body`, the text of a module that imports from `./platform/…` as if it were in src. It is killed with
 * the test. Its stdin and stdout are pipes, its stderr is ours.
 */
export async function startSourceScript(body: string, args: readonly string[] = []): Promise<ChildProcess> {
  const directory = await makeTempDirectory();
  await compile(directory, "script", body);
  await writeFile(path.join(directory, "package.json"), '{"type":"module"}');
  const child = spawn(process.execPath, [path.join(directory, "script.js"), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function compile(directory: string, name: string, source: string): Promise<void> {
  const target = path.join(directory, `${name}.js`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, transpile(source));
  for (const [, imported] of source.matchAll(RELATIVE_IMPORT)) {
    const next = path.join(path.dirname(name), imported ?? "");
    await compile(directory, next, await readFile(path.join(PACKAGE_ROOT, "src", `${next}.ts`), "utf8"));
  }
}

function transpile(source: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
