import { expect, test } from "vitest";
import { exitStatusOf } from "../../../../src/cli/render/exit-status.js";
import { makeDoctorResult, makeRunResult } from "./results.js";

test.each([0, 1, 42, 124, 137, 255])("run answers with the command's own status, %d", (exitCode) => {
  expect(exitStatusOf("vm_run", makeRunResult({ exit_code: exitCode }))).toBe(exitCode);
});

test("doctor answers 5 when no guest can start", () => {
  expect(exitStatusOf("doctor", makeDoctorResult({ runtime_ok: true }))).toBe(0);
  expect(exitStatusOf("doctor", makeDoctorResult({ runtime_ok: false }))).toBe(5);
});

test("any other result is a success", () => {
  expect(exitStatusOf("env_prune", { deleted_environment_dirs: [], count: 0, freed_bytes: 0 })).toBe(0);
});
