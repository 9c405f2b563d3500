import { expect, test } from "vitest";
import { describeProjectSource } from "../../../../src/mcp/project-source/describe-project-source.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const NOWHERE = { cwd: undefined, env: {} };

test("names the project and what has named it", async () => {
  const directory = await makeTempDirectory();
  expect(await describeProjectSource({ projectPath: directory }, NOWHERE)).toEqual({
    kind: "path",
    description: `${directory}, named by --project-path`,
    problem: undefined,
  });
});

test.each([
  [{ noProjectSource: true }, "none: workspaces start empty"],
  [{}, "none here; workspaces start from what a coding agent says it works on"],
  [{ repoUrl: "https://me:secret@x.org/a", repoRef: "v1" }, "a clean clone of https://x.org/a at v1"],
])("%j is described", async (options, description) => {
  expect(await describeProjectSource(options, NOWHERE)).toMatchObject({ description, problem: undefined });
});

test.each([
  [{ projectPath: "/no/such" }, "seed_unusable", "--project-path"],
  [{ repoUrl: "ext::sh" }, "invalid_input", "https:"],
  [{ repoUrl: "https://x.org/a", repoRef: "-x" }, "invalid_input", "branch or tag"],
])("%j has a problem, and a cure", async (options, code, cure) => {
  const { problem } = await describeProjectSource(options, NOWHERE);
  expect(problem).toHaveProperty("code", code);
  expect(problem).toHaveProperty("hint", expect.stringContaining(cure));
});
