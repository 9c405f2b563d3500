import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { CLI_ENTRY, PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { runProcess } from "../../../src/platform/processes.js";

test("a checkout that is not built says so, in place of a stack trace", async () => {
  const checkout = await mkdtemp(path.join(tmpdir(), "pyro-unbuilt-"));
  try {
    await cp(CLI_ENTRY, path.join(checkout, "bin/pyro"));
    await cp(path.join(PACKAGE_ROOT, "package.json"), path.join(checkout, "package.json"));
    const run = async (...words: string[]) =>
      runProcess([process.execPath, path.join(checkout, "bin/pyro"), ...words]);
    expect(await run("doctor")).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr: "error: pyro is not built\nhint: Run `make quickstart` in its checkout, or `make build`.\n",
    });
    expect(await run("--version")).toMatchObject({ exitCode: 0 });
  } finally {
    await rm(checkout, { recursive: true });
  }
});
