import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";
import type * as Processes from "../../../../src/platform/processes.js";
import { failureOf } from "../../../helpers/failure-of.js";
import { makeSeedFixture } from "../seed-fixture.js";

vi.mock("../../../../src/platform/processes.js", async (importOriginal) => ({
  ...(await importOriginal<typeof Processes>()),
  HOST_ENV: { PATH: "/nowhere" },
}));

test("without git on the host a checkout is refused, and the package is named", async () => {
  const { project, freeze, stored } = await makeSeedFixture();
  for (const name of ["objects", "refs"]) await mkdir(path.join(project, ".git", name), { recursive: true });
  await writeFile(path.join(project, ".git", "HEAD"), "ref: refs/heads/main\n");
  const failure = await failureOf(freeze());
  expect(failure).toMatchObject({ code: "program_missing", details: { program: "git" } });
  expect(failure.hint).toContain("apt-get install git");
  expect(await stored()).toEqual([]);
});
