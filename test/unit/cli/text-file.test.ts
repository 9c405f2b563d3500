// Files that the user names with --text-file and --patch-file.

import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readTextFile } from "../../../src/cli/text-file.js";
import { TEXT_FILE_MAX_BYTES } from "../../../src/contract/limits.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const { signal } = new AbortController();

async function makeFile(content: string | Uint8Array): Promise<string> {
  const file = path.join(await makeTempDirectory(), "text");
  await writeFile(file, content);
  return file;
}

test.each(["", "plain\n", "no newline", "\ufeffmark\r\n", "\0\u001b☃", "a".repeat(300_000)])(
  "the text is exactly what the file holds",
  async (text) => {
    expect(await readTextFile(await makeFile(text), signal)).toBe(text);
  },
);

test("what is not UTF-8 is refused, and the way for such files named", async () => {
  const file = await makeFile(Uint8Array.of(0x61, 0xff));
  await expect(readTextFile(file, signal)).rejects.toMatchObject({
    code: "not_text",
    message: `${file} is not UTF-8 text`,
    hint: "Copy files of other kinds with `pyro workspace sync push ID SOURCE`.",
  });
});

test("more than the limit is refused before it is read", async () => {
  const file = await makeFile("");
  await truncate(file, TEXT_FILE_MAX_BYTES + 1);
  await expect(readTextFile(file, signal)).rejects.toMatchObject({ code: "invalid_input" });
});

test("exactly the limit is taken", async () => {
  const file = await makeFile("");
  await truncate(file, TEXT_FILE_MAX_BYTES);
  expect((await readTextFile(file, signal)).length).toBe(TEXT_FILE_MAX_BYTES);
});

test("a text in place of a file's name is no fault of ours", async () => {
  await expect(readTextFile("a text\n".repeat(100), signal)).rejects.toMatchObject({ code: "invalid_input" });
});

test("a file that there is not, and one that is a directory", async () => {
  const directory = await makeTempDirectory();
  const missing = path.join(directory, "missing");
  await expect(readTextFile(missing, signal)).rejects.toMatchObject({
    code: "path_not_found",
    message: `there is no file ${missing}`,
  });
  await expect(readTextFile(directory, signal)).rejects.toMatchObject({ code: "invalid_input" });
});

test("a pipe that nobody writes to ends with the call", async () => {
  const fifo = path.join(await makeTempDirectory(), "fifo");
  execFileSync("mkfifo", [fifo]);
  const controller = new AbortController();
  const reading = readTextFile(fifo, controller.signal);
  controller.abort();
  // Whoever opens the other end lets the read end.
  const writing = writeFile(fifo, "late");
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  await writing.catch(() => undefined);
});
