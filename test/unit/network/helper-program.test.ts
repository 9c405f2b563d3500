import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ensureHelperProgram } from "../../../src/network/helper-program.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const CONTENT = "the helper";
const program = (content: string) => ({
  version: "1.0",
  sha256: createHash("sha256").update(content).digest("hex"),
});

/** A package whose manifest names a helper or not, and which has that file or not. */
async function makePackage(listed: string | undefined, shipped: string | undefined) {
  const directory = await makeTempDirectory();
  const libexec = path.join(directory, "libexec");
  await mkdir(libexec);
  if (shipped !== undefined) await writeFile(path.join(libexec, "pyro-helper"), shipped);
  const engine = { runsc: program("r"), "pyro-agent": program("a") };
  const manifest = { ...engine, ...(listed !== undefined && { "pyro-helper": program(listed) }) };
  await writeFile(path.join(libexec, "manifest.json"), JSON.stringify(manifest));
  return () => ensureHelperProgram(path.join(directory, "state"), libexec);
}

test("it is a copy in the state, so that it stays when the package goes", async () => {
  const ensure = await makePackage(CONTENT, CONTENT);
  expect(await readFile(await ensure(), "utf8")).toBe(CONTENT);
});

test.each([
  ["that has none", undefined, undefined],
  ["that has lost it", CONTENT, undefined],
  ["that has another one", CONTENT, "another"],
])("a package %s gives guests no network, and says so", async (_, listed, shipped) => {
  const ensure = await makePackage(listed, shipped);
  await expect(ensure()).rejects.toMatchObject({
    code: "network_unavailable",
    message: expect.stringContaining("pyro-helper") as string,
  });
});
