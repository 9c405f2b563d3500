import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readLastLines } from "../../../src/cli/last-lines.js";

const read = (text: string, count: number) => readLastLines(Readable.from([Buffer.from(text)]), count);

test("the last lines, in their order", async () => {
  expect(await read("1\n2\n3\n4\n", 2)).toEqual(["3", "4"]);
  expect(await read("1\n2", 5)).toEqual(["1", "2"]);
  expect(await read("", 5)).toEqual([]);
});

test("of a stream that is longer than anything worth keeping", async () => {
  function* lines() {
    for (let index = 0; index < 100_000; index += 1) yield Buffer.from(`${index}\n`);
  }
  expect(await readLastLines(Readable.from(lines()), 2)).toEqual(["99998", "99999"]);
});

test("a file that does not exist is an error", async () => {
  await expect(readLastLines(createReadStream("/no/such/file"), 1)).rejects.toMatchObject({ code: "ENOENT" });
});
