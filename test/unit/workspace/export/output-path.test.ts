import { mkdir, readFile, readdir, readlink, symlink as makeLink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProcess } from "../../../../src/platform/processes.js";
import { judgeOutputPath } from "../../../../src/workspace/export/output-path.js";
import { mountTmpfs } from "../../../helpers/tmpfs.js";
import { begin, content, directory, ScriptedFiles } from "./scripted-files.js";
import { useExport } from "./use-export.js";

const TREE = new ScriptedFiles([begin(directory("dist")), ...content("dist/new", "new")]);
const FILE = new ScriptedFiles(content("dist", "new"), [
  { ...directory("dist"), type: "file", sizeBytes: 3, mode: 0o644 },
]);
const force = true;
const isRoot = process.geteuid?.() === 0;

test("a file becomes the output, durable and with its mode", async () => {
  const { run, outputPath, names } = await useExport();
  const result = await run(FILE);
  expect(result).toEqual({
    workspacePath: "/workspace/dist",
    outputPath,
    artifactType: "file",
    entryCount: 1,
    bytesWritten: 3,
    skipped: [],
    skippedCount: 0,
  });
  expect(await readFile(outputPath, "utf8")).toBe("new");
  expect(await names()).toEqual(["out"]);
});

test("a directory becomes the output", async () => {
  const { run, outputPath, names } = await useExport();
  expect(await run(TREE)).toMatchObject({ artifactType: "directory", entryCount: 1, bytesWritten: 3 });
  expect(await readdir(outputPath)).toEqual(["new"]);
  expect(await names()).toEqual(["out"]);
});

/** What can stand at the output. */
const OCCUPANTS: readonly (readonly [what: string, make: (output: string) => Promise<unknown>])[] = [
  ["a file", (output) => writeFile(output, "old")],
  ["an empty directory", (output) => mkdir(output)],
  ["a full directory", (output) => mkdir(path.join(output, "deep/down"), { recursive: true })],
  ["a link to a directory", (output) => makeLink("../kept", output)],
  ["a dangling link", (output) => makeLink("nowhere", output)],
];

const CASES = OCCUPANTS.flatMap(([what, make]) => [
  ["a directory", what, TREE, make] as const,
  ["a file", what, FILE, make] as const,
]);

test.each(CASES)("%s does not replace %s unless forced to", async (_, __, files, make) => {
  const { run, outputPath, names } = await useExport();
  await make(outputPath);
  const before = await describeTree(outputPath);
  await expect(run(files)).rejects.toMatchObject({ code: "export_refused" });
  expect(await describeTree(outputPath)).toBe(before);
  expect(await names()).toEqual(["out"]);
});

test("an export that never replaces anything advises no --force", async () => {
  const { outputPath } = await useExport();
  await writeFile(outputPath, "old");
  const rules = { force: undefined, protectedPaths: [] };
  await expect(judgeOutputPath(outputPath, rules)).rejects.toMatchObject({
    code: "export_refused",
    hint: "Give another output path: nothing is replaced.",
  });
});

test.each(CASES)("forced, %s replaces %s as a whole", async (_, __, files, make) => {
  const { run, outputPath, parentDir, names } = await useExport();
  const kept = path.join(parentDir, "../kept");
  await mkdir(kept);
  await writeFile(path.join(kept, "mine"), "mine");
  await make(outputPath);
  const { artifactType } = await run(files, { force });
  if (artifactType === "directory") expect(await readdir(outputPath)).toEqual(["new"]);
  else expect(await readFile(outputPath, "utf8")).toBe("new");
  expect(await names()).toEqual(["out"]);
  // The link itself was replaced, not what it pointed to.
  expect(await readdir(kept)).toEqual(["mine"]);
});

test("links in the output's parents are the user's own and are followed", async () => {
  const { run, parentDir } = await useExport();
  await mkdir(path.join(parentDir, "real"));
  await makeLink("real", path.join(parentDir, "alias"));
  await run(TREE, { outputPath: path.join(parentDir, "alias/out") });
  expect(await readdir(path.join(parentDir, "real"))).toEqual(["out"]);
  expect(await readlink(path.join(parentDir, "alias"))).toBe("real");
});

test("a slash at the end changes nothing", async () => {
  const { run, outputPath } = await useExport();
  await run(TREE, { outputPath: `${outputPath}/` });
  expect(await readdir(outputPath)).toEqual(["new"]);
});

test("a missing parent is said and not made", async () => {
  const { run, parentDir, names } = await useExport();
  await expect(run(TREE, { outputPath: path.join(parentDir, "a/b/out") })).rejects.toMatchObject({
    code: "path_not_found",
    hint: `Make it first: mkdir -p ${parentDir}/a/b`,
  });
  expect(await names()).toEqual([]);
});

test("a parent that is a file is said", async () => {
  const { run, parentDir } = await useExport();
  await writeFile(path.join(parentDir, "file"), "");
  const outputPath = path.join(parentDir, "file/out");
  await expect(run(TREE, { outputPath })).rejects.toMatchObject({ code: "invalid_input" });
});

test.each(["relative/out", "", "/tmp/a\0b", `/tmp/${"n".repeat(300)}`])(
  "the output path %j is refused",
  async (outputPath) => {
    const { run } = await useExport();
    await expect(run(TREE, { outputPath })).rejects.toMatchObject({ code: "invalid_input" });
  },
);

test.each(["/", "/proc/self/out", "/sys/out", "/dev/out", "/dev/null", "/proc/sys/kernel/core_pattern"])(
  "%s is no place for an export, not even forced",
  async (outputPath) => {
    const { run } = await useExport();
    await expect(run(TREE, { outputPath, force })).rejects.toMatchObject({ code: "export_refused" });
  },
);

test("a FIFO is never replaced", async () => {
  const { run, outputPath, names } = await useExport();
  await runProcess(["mkfifo", outputPath]);
  await expect(run(FILE, { force })).rejects.toMatchObject({
    code: "export_refused",
    message: `${outputPath} is neither a file nor a directory`,
  });
  expect(await names()).toEqual(["out"]);
});

test("the home directory and what holds it are never replaced", async () => {
  const { run } = await useExport();
  for (const outputPath of [homedir(), path.dirname(homedir())].filter((each) => each !== "/")) {
    await expect(run(TREE, { outputPath, force })).rejects.toMatchObject({ code: "export_refused" });
  }
});

test("a directory that holds a protected one is never replaced, through links neither", async () => {
  const { run, outputPath, parentDir } = await useExport();
  await mkdir(path.join(outputPath, "state"), { recursive: true });
  await makeLink("out/state", path.join(parentDir, "alias"));
  const protectedPaths = ["/nowhere", path.join(parentDir, "alias")];
  await expect(run(TREE, { force, protectedPaths })).rejects.toMatchObject({
    code: "export_refused",
    message: `${outputPath} holds ${parentDir}/alias`,
  });
  expect(await readdir(outputPath)).toEqual(["state"]);
});

test.runIf(isRoot)("a mount point and what holds one are never replaced", async () => {
  const { run, parentDir } = await useExport();
  const mounted = await mountTmpfs(1);
  onTestFinished(() => mounted[Symbol.asyncDispose]());
  const outputPath = path.join(parentDir, "out");
  const inside = path.join(outputPath, "with blank");
  await mkdir(inside, { recursive: true });
  await runProcess(["mount", "--bind", mounted.directory, inside]);
  onTestFinished(async () => {
    await runProcess(["umount", inside]);
  });
  for (const each of [outputPath, inside]) {
    await expect(run(TREE, { outputPath: each, force })).rejects.toMatchObject({
      code: "export_refused",
      message: `${each} holds the mounted file system ${inside}`,
    });
  }
});

async function describeTree(root: string): Promise<string> {
  const { stdout } = await runProcess(["find", root, "-printf", "%y %p %l\\n"]);
  return stdout;
}
