// The small looks at the host: programs, memory, disk, namespaces, the package's own files.

import { existsSync } from "node:fs";
import { totalmem } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../../../src/platform/find-program.js";
import { readAvailableMemory, readFreeDisk, readTotalMemory } from "../../../src/platform/host-resources.js";
import { PACKAGE_ROOT, PACKAGE_VERSION } from "../../../src/platform/package-files.js";
import { readUserNamespaceLimit } from "../../../src/platform/user-namespaces.js";

test("a program is found by its absolute path; one that the host does not have is not", async () => {
  expect(await findProgram("sh")).toMatch(/^\/.*\/sh$/);
  expect(await findProgram("no-such-program")).toBeUndefined();
});

test("available memory is some of the host's memory", () => {
  expect(readTotalMemory()).toBe(totalmem());
  expect(readAvailableMemory()).toBeGreaterThan(0);
  expect(readAvailableMemory()).toBeLessThanOrEqual(totalmem());
});

test("free disk is a number of bytes, and a missing directory an error", async () => {
  expect(await readFreeDisk("/")).toBeGreaterThanOrEqual(0);
  await expect(readFreeDisk("/no/such/directory")).rejects.toMatchObject({ code: "ENOENT" });
});

test("the limit of user namespaces is a whole number", async () => {
  expect(Number.isInteger(await readUserNamespaceLimit())).toBe(true);
});

test("the package knows its root and its version", () => {
  expect(existsSync(path.join(PACKAGE_ROOT, "package.json"))).toBe(true);
  expect(PACKAGE_VERSION).toMatch(/^\d+\.\d+\.\d+/);
});
