import { link, mkdir, open, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { begin, data, directory, end, file, ScriptedFiles } from "./scripted-files.js";
import { useExport } from "./use-export.js";

test("what is under a link is exported under the output's own name", async () => {
  const workspace = await makeTempDirectory();
  await mkdir(path.join(workspace, "v2"));
  await writeFile(path.join(workspace, "v2/app"), "2");
  await symlink("v2", path.join(workspace, "dist"));
  const { run, outputPath } = await useExport();
  expect(await run(new DirectoryFiles(workspace))).toMatchObject({
    workspacePath: "/workspace/v2",
    artifactType: "directory",
  });
  expect(await readFile(path.join(outputPath, "app"), "utf8")).toBe("2");
});

test("one name of several of a file is a file of its own", async () => {
  const workspace = await makeTempDirectory();
  await writeFile(path.join(workspace, "dist"), "x");
  await link(path.join(workspace, "dist"), path.join(workspace, "other"));
  const { run, outputPath } = await useExport();
  await run(new DirectoryFiles(workspace));
  expect(await readFile(outputPath, "utf8")).toBe("x");
});

test("holes stay holes, whatever the file's size", async () => {
  const { run, outputPath } = await useExport();
  const tib = 2 ** 40;
  const script = [begin(directory("dist")), begin(file("dist/disk", tib)), data("x", tib / 2), end()];
  expect(await run(new ScriptedFiles(script))).toMatchObject({ bytesWritten: 1 });
  const { size, blocks } = await stat(path.join(outputPath, "disk"));
  expect(size).toBe(tib);
  expect(blocks * 512).toBeLessThan(1024 * 1024);
  await using handle = await open(path.join(outputPath, "disk"));
  const { buffer } = await handle.read(Buffer.alloc(3), 0, 3, tib / 2 - 1);
  expect(buffer.toString("latin1")).toBe("\0x\0");
});

test.each(["../x", "/etc/passwd", "/workspace/../etc"])("%s is outside", async (asked) => {
  const { run } = await useExport();
  await expect(run(new ScriptedFiles([]), { path: asked })).rejects.toMatchObject({
    code: "path_outside_workspace",
  });
});
