import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { addOwnFacts } from "../../../src/cli/own-facts.js";
import { render } from "../../../src/cli/render/render.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { makeDoctorResult } from "./render/results.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function standIn(directory: string) {
  vi.spyOn(process, "cwd").mockReturnValue(directory);
  return addOwnFacts("doctor", makeDoctorResult());
}

test("doctor shows the checkout that a server would be started in", async () => {
  const checkout = await makeTempDirectory();
  await mkdir(path.join(checkout, ".git"));
  await writeFile(path.join(checkout, ".git", "HEAD"), "ref: refs/heads/main\n");
  const result = await standIn(path.join(checkout, "src"));
  expect(result).toMatchObject({ project_source: { kind: "path", problem: null }, issues: [] });
  expect(render("doctor", result).stdout).toContain(`Project: ${checkout}, named by the working directory\n`);
});

test("doctor names a project that is not there among its issues, with what cures it", async () => {
  vi.stubEnv("CLAUDE_PROJECT_DIR", "/no/such/project");
  const { issues } = await standIn(await makeTempDirectory());
  expect(issues).toMatchObject([{ code: "seed_unusable" }]);
  expect(issues[0]?.message).toContain("/no/such/project, named by CLAUDE_PROJECT_DIR");
  expect(issues[0]?.hint).toContain("--project-path");
});

test("other results stay as they are", async () => {
  const result = { deleted_environment_dirs: [], count: 0, freed_bytes: 0 };
  expect(await addOwnFacts("env_prune", result)).toEqual(result);
});
