import { expect, test } from "vitest";
import { findProgram } from "../../../src/platform/find-program.js";

test("a program is found where programs are started from, and one that is not there is not", async () => {
  expect(await findProgram("sh")).toMatch(/\/sh$/);
  expect(await findProgram("no-such-program-here")).toBeUndefined();
});
