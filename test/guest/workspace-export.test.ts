// Exports out of a real guest, which does what a hostile one would.

import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PyroError } from "../../src/contract/errors.js";
import type { GuestFiles } from "../../src/guest/files.js";
import type { Machine } from "../../src/machine/engine.js";
import { runProcess } from "../../src/platform/processes.js";
import { exportFromGuest, type ExportRequest } from "../../src/workspace/export/export-from-guest.js";
import { newSpec, openEngine } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";

const ROUNDS_OF_SWAPPING = 20;

let pyro: TestPyro;
let machine: Machine;
let files: GuestFiles;
let hostDir: string;

beforeAll(async () => {
  pyro = await TestPyro.create();
  machine = await (await openEngine(pyro)).start(await newSpec(pyro));
  files = machine.agent.files("/workspace");
});

afterAll(async () => {
  await machine.remove();
  // Root's runsc leaves a mount in the state.
  await (await openEngine(pyro)).reap(new Set());
  await pyro[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await sh("rm -rf /workspace && mkdir /workspace");
  hostDir = await mkdtemp(path.join(pyro.directory, "host-"));
});

/** Runs a script in the guest's /workspace. */
async function sh(script: string, signal?: AbortSignal): Promise<void> {
  let output = "";
  const { exitCode } = await machine.agent.exec(
    { argv: ["bash", "-c", `cd /workspace 2>/dev/null; set -e; ${script}`] },
    (_, chunk) => {
      output += Buffer.from(chunk).toString();
    },
    signal,
  );
  if (exitCode !== 0) throw new Error(`the guest's script failed: ${output}`);
}

async function run(name: string, options: Partial<ExportRequest> = {}) {
  const outputPath = path.join(hostDir, "out");
  const result = await exportFromGuest({
    files,
    path: name,
    outputPath,
    force: false,
    protectedPaths: [],
    signal: new AbortController().signal,
    onProgress: () => undefined,
    journal: { begin: () => Promise.resolve(), end: () => Promise.resolve() },
    ...options,
  });
  return { ...result, outputPath };
}

test("a tree comes out with its bytes, names, modes, times, links and holes", async () => {
  await sh(`
    mkdir -p tree/a/b tree/empty && cd tree
    head -c 3000000 /dev/urandom > a/random; sha256sum < a/random | cut -c 1-64 > a/digest
    printf x > $'\\xff\\x1b[2J\\n'; chmod 640 $'\\xff\\x1b[2J\\n'
    ln a/random a/b/again; ln -s ../random a/b/link; ln -s nowhere dangling
    truncate -s 1G sparse; printf end >> sparse
    printf tool > tool; chmod 4755 tool; chmod 2770 empty
    touch -d @1500000000 a/digest a/b
  `);
  const { outputPath, skipped, entryCount, artifactType } = await run("tree");
  expect({ skipped, entryCount, artifactType }).toEqual({
    skipped: [],
    entryCount: 11,
    artifactType: "directory",
  });
  const at = (name: string) => path.join(outputPath, name);
  const { stdout } = await runProcess(["sha256sum", at("a/random")]);
  expect(stdout.slice(0, 64)).toBe((await readFile(at("a/digest"), "utf8")).trim());
  expect(await readdir(outputPath, { encoding: "latin1" })).toContain("\xff\x1b[2J\n");
  expect((await stat(at("a/b/again"))).ino).toBe((await stat(at("a/random"))).ino);
  expect(await readlink(at("a/b/link"))).toBe("../random");
  expect(await readlink(at("dangling"))).toBe("nowhere");
  const sparse = await stat(at("sparse"));
  expect(sparse.size).toBe(1024 ** 3 + 3);
  expect(sparse.blocks * 512).toBeLessThan(4 * 1024 ** 2);
  expect((await stat(at("tool"))).mode & 0o7777).toBe(0o755);
  expect((await stat(at("empty"))).mode & 0o7777).toBe(0o770);
  expect((await stat(at("a/digest"))).mtimeMs).toBe(1_500_000_000_000);
  expect((await stat(at("a/b"))).mtimeMs).toBe(1_500_000_000_000);
});

test("special files and links that lead out are left out and listed", async () => {
  await sh(`
    mkdir tree && cd tree && mkfifo fifo && mknod device c 1 3 && echo kept > kept
    ln -s /etc/passwd absolute; ln -s ../../etc/passwd climbing; ln -s kept fine
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
  `);
  const { outputPath, skipped } = await run("tree");
  expect(skipped).toEqual([
    { path: "absolute", reason: "a link to an absolute path: /etc/passwd" },
    { path: "climbing", reason: "a link that leaves the exported directory: ../../etc/passwd" },
    { path: "device", reason: "a device, FIFO or socket" },
    { path: "fifo", reason: "a device, FIFO or socket" },
    { path: "socket", reason: "a device, FIFO or socket" },
  ]);
  expect((await readdir(outputPath)).sort()).toEqual(["fine", "kept"]);
});

test("the whole workspace and a single file come out, a file behind a link too", async () => {
  await sh("mkdir a; echo one > a/1; ln -s a/1 latest");
  const whole = await run(".", { outputPath: path.join(hostDir, "whole") });
  expect(whole).toMatchObject({ workspacePath: "/workspace", artifactType: "directory", entryCount: 3 });
  const single = await run("/workspace/latest");
  expect(single).toMatchObject({ workspacePath: "/workspace/a/1", artifactType: "file", bytesWritten: 4 });
  expect(await readFile(single.outputPath, "utf8")).toBe("one\n");
});

test.each([
  ["missing", "path_not_found"],
  ["a/missing", "path_not_found"],
  ["out", "path_outside_workspace"],
  ["out/passwd", "path_outside_workspace"],
  ["../etc", "path_outside_workspace"],
  ["fifo", "export_refused"],
])("%s is refused with %s", async (name, code) => {
  await sh("ln -s /etc out; mkfifo fifo; mkdir a");
  await expect(run(name)).rejects.toMatchObject({ code });
  expect(await readdir(hostDir)).toEqual([]);
});

/** Makes `tree`, and in it so many directories with long names one in the other. */
async function makeDeepTree(depth: number): Promise<void> {
  await sh(`python3 -c '
import os
os.mkdir("tree"); os.chdir("tree")
for _ in range(${depth}):
    os.mkdir("d" * 200); os.chdir("d" * 200)
'`);
}

test("what has room in the guest but not below the output's path is left out and listed", async () => {
  await makeDeepTree(20);
  const longDir = path.join(hostDir, "h".repeat(200));
  await mkdir(longDir);
  const { entryCount, skipped } = await run("tree", { outputPath: path.join(longDir, "out") });
  expect(entryCount).toBe(19);
  expect(skipped.map(({ reason }) => reason)).toEqual(["its path is too long for this host"]);
});

test("a tree that is too deep for any path is refused", async () => {
  await makeDeepTree(60);
  await expect(run("tree")).rejects.toMatchObject({ code: "conflict" });
  expect(await readdir(hostDir)).toEqual([]);
});

test("a guest that swaps directories and links while it is read gives away nothing but itself", async () => {
  await sh("mkdir -p tree/swapped; echo inside > tree/swapped/passwd; echo inside > tree/passwd");
  const stop = new AbortController();
  const swapping = sh(
    `cd tree; while :; do
       mv swapped kept; ln -s /etc swapped; rm swapped; mv kept swapped
       mv passwd mine; ln -s /etc/passwd passwd; rm passwd; mv mine passwd
     done`,
    stop.signal,
  ).catch(() => undefined);
  try {
    for (let round = 0; round < ROUNDS_OF_SWAPPING; round++) {
      const outputPath = path.join(hostDir, `out-${round}`);
      const refused = await run("tree", { outputPath }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refused instanceof PyroError) expect(["conflict", "path_not_found"]).toContain(refused.code);
      else expect(refused).toBe(undefined);
    }
  } finally {
    stop.abort();
    await swapping;
  }
  const { stdout } = await runProcess(["find", hostDir, "-type", "f", "-exec", "cat", "{}", "+"]);
  expect(new Set(stdout.split("\n"))).toEqual(new Set(["inside", ""]));
  const { stdout: links } = await runProcess(["find", hostDir, "-type", "l"]);
  expect(links).toBe("");
});

test("a guest that never ends a file is left by a cancel, and nothing stays", async () => {
  await sh("mkdir tree; head -c 200M /dev/urandom > tree/big");
  const cancel = new AbortController();
  const onProgress = ({ bytes }: { bytes: number }) => {
    if (bytes > 0) cancel.abort();
  };
  await expect(run("tree", { signal: cancel.signal, onProgress })).rejects.toThrow("aborted");
  expect(await readdir(hostDir)).toEqual([]);
});

test("an export over a former one replaces it as a whole", async () => {
  await mkdir(path.join(hostDir, "out/old"), { recursive: true });
  await sh("mkdir tree; echo new > tree/new");
  const { outputPath } = await run("tree", { force: true });
  expect(await readdir(outputPath)).toEqual(["new"]);
  expect((await lstat(outputPath)).isDirectory()).toBe(true);
  await rm(outputPath, { recursive: true });
});
