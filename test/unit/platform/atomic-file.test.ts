import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";
import { writeFileAtomic } from "../../../src/platform/atomic-file.js";
import { readLine } from "../helpers/processes.js";
import { startSourceScript } from "../helpers/source-script.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("a file is made, private by default, and nothing is left beside it", async () => {
  const directory = await makeTempDirectory();
  const file = path.join(directory, "record.json");
  await writeFileAtomic(file, "content");
  expect(await readFile(file, "utf8")).toBe("content");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(["record.json"]);
});

test("an existing file is replaced by a new one with the mode that was asked for", async () => {
  const file = path.join(await makeTempDirectory(), "f");
  await writeFile(file, "old");
  const before = await stat(file);
  await writeFileAtomic(file, Uint8Array.from([0, 255]), 0o644);
  expect([...(await readFile(file))]).toEqual([0, 255]);
  const after = await stat(file);
  expect(after.mode & 0o777).toBe(0o644);
  expect(after.ino).not.toBe(before.ino);
});

test("many writers at once leave one of their contents, whole", async () => {
  const directory = await makeTempDirectory();
  const file = path.join(directory, "f");
  const contents = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(10_000 + index));
  await Promise.all(contents.map((content) => writeFileAtomic(file, content)));
  expect(contents).toContain(await readFile(file, "utf8"));
  expect(await readdir(directory)).toEqual(["f"]);
});

test("a writer killed at any moment leaves an old or a new content, never a part", async () => {
  const directory = await makeTempDirectory();
  const file = path.join(directory, "f");
  const body = `
    import { writeFileAtomic } from "./platform/atomic-file.js";
    for (let round = 0; ; round += 1) {
      await writeFileAtomic(process.argv[2], String(round % 10).repeat(4_000_000));
      if (round === 2) console.log("writing");
    }`;
  const writer = await startSourceScript(body, [file]);
  await readLine(writer);
  writer.kill("SIGKILL");
  await once(writer, "close");
  const content = await readFile(file, "latin1");
  expect(content).toBe(content.charAt(0).repeat(4_000_000));
});

test("what cannot be replaced keeps its content, and no temporary file stays", async () => {
  const directory = await makeTempDirectory();
  const target = path.join(directory, "taken");
  await mkdir(target);
  await writeFile(path.join(target, "inside"), "kept");
  await expect(writeFileAtomic(target, "new")).rejects.toMatchObject({ code: "EISDIR" });
  expect(await readdir(directory)).toEqual(["taken"]);
  expect(await readFile(path.join(target, "inside"), "utf8")).toBe("kept");
});

test("a directory that is missing or takes no files is an error of the file system", async () => {
  const directory = await makeTempDirectory();
  await expect(writeFileAtomic(path.join(directory, "missing", "f"), "x")).rejects.toMatchObject({
    code: "ENOENT",
  });
  // Not even root makes files in sysfs.
  await expect(writeFileAtomic("/sys/pyro-test", "x")).rejects.toThrow(/EACCES|EPERM|EROFS/);
});
