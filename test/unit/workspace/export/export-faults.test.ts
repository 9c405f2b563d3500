import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Fetched } from "../../../../src/guest/files.js";
import { mountTmpfs } from "../../../helpers/tmpfs.js";
import { makeGate } from "../../helpers/gate.js";
import {
  begin,
  content,
  data,
  device,
  directory,
  end,
  file,
  ScriptedFiles,
  symlink,
} from "./scripted-files.js";
import { useExport } from "./use-export.js";

const MIB = 1024 * 1024;
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const ROOT = begin(directory("dist"));

test("a cancelled export leaves nothing, and is told to the journal", async () => {
  const { run, names, journal } = await useExport();
  const cancel = new AbortController();
  const begun = makeGate();
  async function* script(): AsyncGenerator<Fetched> {
    yield ROOT;
    yield begin(file("dist/endless", MIB));
    yield data("x");
    begun.open();
    await new Promise((resolve) => cancel.signal.addEventListener("abort", resolve));
    yield data("y", 1);
  }
  const exported = run(new ScriptedFiles(script()), { signal: cancel.signal });
  await begun.opened;
  expect(await names()).toHaveLength(1);
  cancel.abort();
  await expect(exported).rejects.toThrow("aborted");
  expect(await names()).toEqual([]);
  expect(journal.map((line) => line.split(" ")[0])).toEqual(["begin", "end"]);
});

test("the journal knows of a staging directory before it is there, and until it is gone", async () => {
  const { run, names, outputPath } = await useExport();
  const seen: string[][] = [];
  const look = async () => void seen.push(await names());
  await run(new ScriptedFiles([ROOT]), { journal: { begin: look, end: look } });
  expect(seen).toEqual([[], ["out"]]);
  expect(await readdir(outputPath)).toEqual([]);
});

test("a guest that dies in the middle leaves the old output as it was", async () => {
  const { run, outputPath, names } = await useExport();
  await writeFile(outputPath, "old");
  function* script() {
    yield ROOT;
    yield* content("dist/a", "new");
    throw new Error("the guest is gone");
  }
  await expect(run(new ScriptedFiles(script()), { force: true })).rejects.toThrow("the guest is gone");
  expect(await readFile(outputPath, "utf8")).toBe("old");
  expect(await names()).toEqual(["out"]);
});

test("when the last rename fails, the old output stands as before", async () => {
  const { run, outputPath, parentDir, names } = await useExport();
  await mkdir(outputPath);
  await writeFile(path.join(outputPath, "old"), "old");
  const loseStaged = async () => {
    const [staging = ""] = await names();
    await rm(path.join(parentDir, staging, "new"));
  };
  const files = new ScriptedFiles(
    (async function* () {
      yield* content("dist", "new");
      await loseStaged();
    })(),
  );
  await expect(run(files, { force: true })).rejects.toMatchObject({ code: "storage_unavailable" });
  expect(await readdir(outputPath)).toEqual(["old"]);
  expect(await names()).toEqual(["out"]);
});

test.each([
  ["a file", content("dist", "new")],
  ["a directory", [ROOT]],
])("what appears at the output while %s is exported is not replaced", async (_, script) => {
  const { run, outputPath, names } = await useExport();
  const files = new ScriptedFiles(
    (async function* () {
      yield* script;
      await writeFile(outputPath, "a stranger's");
    })(),
  );
  await expect(run(files)).rejects.toMatchObject({
    code: "export_refused",
    message: `${outputPath} has appeared meanwhile`,
  });
  expect(await readFile(outputPath, "utf8")).toBe("a stranger's");
  expect(await names()).toEqual(["out"]);
});

test.each([
  ["is not there", [], "path_not_found"],
  ["vanishes", [{ kind: "missing", path: "dist" }] as const, "path_not_found"],
  ["is a device", [begin(device("dist"))], "export_refused"],
  ["becomes a link", [begin(symlink("dist", "x"))], "conflict"],
  ["is a file that shrinks", [begin(file("dist", 2)), data("1"), end("it has shrunk")], "conflict"],
])("a path that %s is an error that says so", async (_, script, code) => {
  const { run, names } = await useExport();
  await expect(run(new ScriptedFiles(script))).rejects.toMatchObject({ code });
  expect(await names()).toEqual([]);
});

test("progress grows with the content", async () => {
  const { run } = await useExport();
  const told: number[] = [];
  function* script() {
    yield ROOT;
    yield begin(file("dist/big", 20 * MIB));
    for (let offset = 0; offset < 20 * MIB; offset += MIB) yield data("x".repeat(MIB), offset);
    yield end();
  }
  await run(new ScriptedFiles(script()), { onProgress: ({ bytes }) => told.push(bytes) });
  expect(told.at(0)).toBe(0);
  expect(told.at(-1)).toBe(20 * MIB);
  expect(told.length).toBeGreaterThan(2);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test.runIf(isRoot)("an export stops before the disk is full, and gives back what it took", async () => {
  const { run } = await useExport();
  await using disk = await mountTmpfs(100);
  function* script() {
    yield ROOT;
    yield begin(file("dist/big", 90 * MIB));
    for (let offset = 0; offset < 90 * MIB; offset += MIB) yield data("x".repeat(MIB), offset);
    yield end();
  }
  const told: number[] = [];
  const onProgress = ({ bytes }: { bytes: number }) => void told.push(bytes);
  const exported = run(new ScriptedFiles(script()), {
    outputPath: path.join(disk.directory, "out"),
    onProgress,
  });
  await expect(exported).rejects.toMatchObject({ code: "out_of_disk" });
  expect(Math.max(...told)).toBeLessThanOrEqual((100 - 64) * MIB);
  expect(await readdir(disk.directory)).toEqual([]);
});

test.runIf(isRoot)("a file system that cannot be written to is said", async () => {
  const { run } = await useExport();
  const disk = await mountTmpfs(100);
  onTestFinished(() => disk[Symbol.asyncDispose]());
  await disk.remountReadOnly();
  const outputPath = path.join(disk.directory, "out");
  await expect(run(new ScriptedFiles([ROOT]), { outputPath })).rejects.toMatchObject({
    code: "storage_unavailable",
    message: `cannot write ${outputPath}: EROFS`,
  });
});

test.runIf(isRoot)("an ordinary user gets directories that forbid him to write or even to look", async () => {
  const { run, parentDir, outputPath } = await useExport();
  for (const each of [parentDir, path.dirname(parentDir)]) await chown(each, NOBODY, NOBODY);
  const closed = [begin(directory("dist/closed", 0)), ...content("dist/closed/f", "x", { mode: 0 })];
  process.seteuid?.(NOBODY);
  try {
    await run(new ScriptedFiles([begin(directory("dist", 0o555)), ...closed]));
  } finally {
    process.seteuid?.(0);
  }
  const found = await Promise.all(
    ["", "closed", "closed/f"].map((name) => stat(path.join(outputPath, name))),
  );
  expect(found.map(({ mode, uid }) => [mode & 0o777, uid])).toEqual([
    [0o555, NOBODY],
    [0, NOBODY],
    [0, NOBODY],
  ]);
});

test.runIf(isRoot)("what an ordinary user may not write to is said", async () => {
  const { run, parentDir, outputPath, names } = await useExport();
  await chmod(path.dirname(parentDir), 0o755);
  process.seteuid?.(NOBODY);
  try {
    await expect(run(new ScriptedFiles([ROOT]))).rejects.toMatchObject({
      code: "storage_unavailable",
      message: `cannot write ${outputPath}: EACCES`,
    });
  } finally {
    process.seteuid?.(0);
  }
  expect(await names()).toEqual([]);
});
