// A seed store of one test, which freezes in this process, and ways to look at what it made.

import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { runProcess } from "../../../src/platform/processes.js";
import type { SourceFacts } from "../../../src/seed/freeze/freeze-outcome.js";
import { freezeSource } from "../../../src/seed/freeze/freeze-source.js";
import type { Freezer } from "../../../src/seed/freezer.js";
import { type FrozenSeed, SeedStore, type SeedStoreOptions } from "../../../src/seed/seed-store.js";
import type { DeferredFile, Seed, SeedEntry } from "../../../src/seed/seed.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

/**
 * Freezes in this process, a minute from now: nothing counts as just written then. `startedAtMs`: at this moment
 * instead.
 */
export function freezeHere(startedAtMs?: number): Freezer {
  return (request, hooks) =>
    freezeSource({ request, ...hooks, startedAtMs: startedAtMs ?? Date.now() + 60_000 });
}

export interface SeedFixture {
  /** Of the test: everything is below it. */
  readonly directory: string;
  readonly stateDir: string;
  readonly homeDir: string;
  /** An empty directory to freeze. */
  readonly project: string;
  readonly store: SeedStore;
  readonly freeze: (source?: string, signal?: AbortSignal) => Promise<FrozenSeed>;
  /** The names in the store. */
  readonly stored: () => Promise<string[]>;
}

export async function makeSeedFixture(options: Partial<SeedStoreOptions> = {}): Promise<SeedFixture> {
  const directory = await makeTempDirectory();
  const [stateDir, homeDir, project] = ["state", "home", "project"].map((name) => path.join(directory, name));
  if (stateDir === undefined || homeDir === undefined || project === undefined) throw new Error("no paths");
  for (const made of [stateDir, homeDir, project]) await mkdir(made);
  const store = new SeedStore({ stateDir, homeDir, freezer: freezeHere(), ...options });
  return {
    directory,
    stateDir,
    homeDir,
    project,
    store,
    freeze: (source = project, signal = new AbortController().signal) =>
      store.freeze({ path: source }, { signal, onProgress: () => undefined }),
    stored: () => listStore(stateDir),
  };
}

async function listStore(stateDir: string): Promise<string[]> {
  const names = await readdir(path.join(stateDir, "seeds")).catch(() => []);
  return names.filter((name) => name !== "fingerprints").sort();
}

/** Unpacks the seed's tar as a guest would have it, and returns where /workspace is. */
export async function unpack({ seed }: FrozenSeed): Promise<string> {
  return unpackTar(seed.tarPath);
}

/** The same for a layer's tar. */
export async function unpackTar(tarPath: string): Promise<string> {
  const directory = await makeTempDirectory();
  await run(directory, "tar", "--extract", "--preserve-permissions", "--file", tarPath);
  return path.join(directory, "workspace");
}

/** Runs a program that must succeed, and returns its output. */
export async function run(cwd: string, ...argv: [string, ...string[]]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(argv, { cwd });
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout;
}

export function entryAt(seed: Seed, entryPath: string): SeedEntry | undefined {
  return seed.entries.find((entry) => entry.path === entryPath);
}

export function pathsOf(seed: Seed): string[] {
  return seed.entries.map((entry) => entry.path);
}

/** Without the repository of its own. */
export function filesOf(seed: Seed): string[] {
  return pathsOf(seed).filter((entryPath) => !/^\.git(\/|$)/.test(entryPath));
}

export function reasonsOf({ skipped }: Pick<SourceFacts, "skipped">): Record<string, string> {
  return Object.fromEntries(skipped.map((one) => [one.path, one.reason]));
}

/** The content of a deferred file, whole. */
export async function readDeferred(file: DeferredFile): Promise<Buffer> {
  const content = Buffer.alloc(file.entry.sizeBytes);
  for await (const { offset, bytes } of file.read()) content.set(bytes, offset);
  return content;
}
