import { chmod, mkdir, readFile, stat, writeFile as writeHostFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { PyroError } from "../../../../src/contract/errors.js";
import { writeFile } from "../../../../src/workspace/files/write-file.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const { signal } = new AbortController();

async function makeWriter() {
  const root = await makeTempDirectory();
  const files = new DirectoryFiles(root);
  return {
    root,
    write: (asked: string, text: string) => writeFile({ files, path: asked, text, signal }),
  };
}

test("a new file is made with its parents", async () => {
  const { root, write } = await makeWriter();
  expect(await write("a/b/ł.txt", "zażółć")).toEqual({
    path: "/workspace/a/b/ł.txt",
    sizeBytes: 10,
    bytesWritten: 10,
    created: true,
  });
  expect(await readFile(path.join(root, "a/b/ł.txt"), "utf8")).toBe("zażółć");
});

test("an existing file is replaced and keeps its mode", async () => {
  const { root, write } = await makeWriter();
  await writeHostFile(path.join(root, "run.sh"), "old and longer");
  await chmod(path.join(root, "run.sh"), 0o751);
  expect(await write("run.sh", "new")).toMatchObject({ created: false, sizeBytes: 3 });
  expect(await readFile(path.join(root, "run.sh"), "utf8")).toBe("new");
  expect((await stat(path.join(root, "run.sh"))).mode & 0o777).toBe(0o751);
});

test("an empty text makes an empty file", async () => {
  const { root, write } = await makeWriter();
  expect(await write("empty", "")).toMatchObject({ sizeBytes: 0, created: true });
  expect((await stat(path.join(root, "empty"))).size).toBe(0);
});

test("a text of several megabytes arrives whole", async () => {
  const { root, write } = await makeWriter();
  const text = "0123456789abcde\n".repeat(200_000);
  await write("big", text);
  expect(await readFile(path.join(root, "big"), "utf8")).toBe(text);
});

test("a directory is not overwritten, and the error says what it is", async () => {
  const root = await makeTempDirectory();
  await mkdir(path.join(root, "src"));
  const files = new (class extends DirectoryFiles {
    // As the agent has it.
    override apply(): Promise<never> {
      return Promise.reject(new PyroError("conflict", "in the way"));
    }
  })(root);
  for (const [asked, shown] of [
    [".", "/workspace"],
    ["src", "/workspace/src"],
  ] as const) {
    await expect(writeFile({ files, path: asked, text: "x", signal })).rejects.toMatchObject({
      code: "invalid_input",
      message: `${shown} is a directory`,
    });
  }
  await expect(writeFile({ files, path: "new", text: "x", signal })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("text that cannot be encoded is refused instead of altered", async () => {
  const { write } = await makeWriter();
  await expect(write("a", "half \ud83d")).rejects.toMatchObject({
    code: "invalid_input",
    message: "the text is not valid Unicode",
  });
});
