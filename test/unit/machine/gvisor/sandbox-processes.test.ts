import { describe, expect, test } from "vitest";
import { findProcess } from "../../../../src/platform/process-identity.js";
import { findSandboxProcesses } from "../../../../src/machine/gvisor/sandbox-processes.js";
import { pidOf, startChild } from "../../helpers/processes.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER_ID = "f".repeat(32);

async function makeRootDir(): Promise<string> {
  return `${await makeTempDirectory()}/s/runsc`;
}

/** A shell that waits for the end of its stdin, called as runsc would call its processes. */
function startCalled(argv0: string, ...args: readonly string[]): number {
  return pidOf(startChild("sh", ["-c", "read x; exit", "sh", ...args], { argv0 }));
}

describe("a process of a sandbox is known by its command line:", () => {
  test.each([
    ["runsc-sandbox", "sandbox"],
    ["/proc/self/exe/runsc-sandbox", "sandbox"],
    ["runsc-gofer", "gofer"],
    ["/usr/bin/runsc", "other"],
  ])("%s is of kind %s", async (argv0, kind) => {
    const rootDir = await makeRootDir();
    const pid = startCalled(argv0, `--root=${rootDir}`, "boot", ID);
    const identity = await findProcess(pid);
    expect(await findSandboxProcesses(rootDir)).toEqual([{ ...identity, kind, machineId: ID }]);
  });

  test("the root may be an argument of its own", async () => {
    const rootDir = await makeRootDir();
    const pid = startCalled("runsc-gofer", "--root", rootDir, "gofer", ID);
    expect(await findSandboxProcesses(rootDir)).toMatchObject([{ pid, kind: "gofer" }]);
  });

  test("the id is the last one of the line", async () => {
    const rootDir = await makeRootDir();
    startCalled("runsc-sandbox", `--root=${rootDir}`, `--bundle`, OTHER_ID, ID);
    expect(await findSandboxProcesses(rootDir)).toMatchObject([{ machineId: ID }]);
  });

  test("a runtime directory that has moved since makes no difference", async () => {
    const rootDir = await makeRootDir();
    const pid = startCalled("runsc-sandbox", `--root=/formerly${rootDir}`, ID);
    expect(await findSandboxProcesses(rootDir)).toMatchObject([{ pid }]);
  });
});

test("one sandbox of several is found by its id", async () => {
  const rootDir = await makeRootDir();
  const first = startCalled("runsc-sandbox", `--root=${rootDir}`, ID);
  startCalled("runsc-sandbox", `--root=${rootDir}`, OTHER_ID);
  expect(await findSandboxProcesses(rootDir)).toHaveLength(2);
  expect(await findSandboxProcesses(rootDir, ID)).toMatchObject([{ pid: first }]);
  expect(await findSandboxProcesses(rootDir, "0".repeat(32))).toEqual([]);
});

describe("a stranger is left alone:", () => {
  test.each([
    ["one with another root", (rootDir: string) => [`--root=${rootDir}2`, ID]],
    ["one of another state with the same names", () => ["--root=/tmp/elsewhere/s/runsc", ID]],
    ["one that only talks of the root", (rootDir: string) => ["ls", rootDir, ID]],
    ["one without an id", (rootDir: string) => [`--root=${rootDir}`, "list"]],
    ["one with half an id", (rootDir: string) => [`--root=${rootDir}`, ID.slice(0, 31)]],
  ])("%s", async (_, makeArgs) => {
    const rootDir = await makeRootDir();
    startCalled("runsc-sandbox", ...makeArgs(rootDir));
    expect(await findSandboxProcesses(rootDir)).toEqual([]);
  });
});
