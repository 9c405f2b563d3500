import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readNames } from "../../../src/platform/read-names.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("a directory that is not there has no names; what cannot be listed is no such directory", async () => {
  const directory = await makeTempDirectory();
  const file = path.join(directory, "file");
  await writeFile(file, "");
  expect(await readNames(directory)).toEqual(["file"]);
  expect(await readNames(path.join(directory, "none"))).toEqual([]);
  await expect(readNames(file)).rejects.toMatchObject({ code: "ENOTDIR" });
});
