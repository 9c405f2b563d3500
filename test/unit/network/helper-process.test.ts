// The helper as a program that says what the test wants it to say.

import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { newMachineId } from "../../../src/machine/fresh-machines.js";
import { startHelper } from "../../../src/network/helper-process.js";
import { signalProcess, waitForExit } from "../../../src/platform/process-identity.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const INPUT = { socket: "/run/network.sock", token: "ab".repeat(32), record: "", allow: ["10.1.0.0/16"] };
const { signal } = new AbortController();

async function makeProgram(script: string): Promise<string> {
  const file = path.join(await makeTempDirectory(), "helper");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

test("what it needs comes on stdin, and its command line says for whom it is", async () => {
  const program = await makeProgram(
    'read -r line; echo "$line" > "$0.input"; echo "$@" > "$0.args"; echo "{\\"ready\\":true,\\"pid\\":$$,\\"ipv6\\":true}"; exec sleep 60',
  );
  const label = { machineId: newMachineId(), policy: "abc" };
  const { process: helper, ipv6 } = await startHelper(program, label, INPUT, signal);
  expect(ipv6).toBe(true);
  expect(JSON.parse(await readFile(`${program}.input`, "utf8"))).toEqual(INPUT);
  expect(await readFile(`${program}.args`, "utf8")).toBe(`network ${label.machineId} abc\n`);
  if (!helper) throw new Error("it has ended");
  await signalProcess(helper, "SIGKILL");
  expect(await waitForExit(helper, 5_000)).toBe(true);
});

test.each([
  ['echo \'{"error":"no socket"}\'', "no socket"],
  ["exit 1", "it ended at once"],
  ["echo hello", 'it said "hello"'],
])("one that does %s is an error that says so", async (script, why) => {
  const program = await makeProgram(script);
  const starting = startHelper(program, { machineId: newMachineId(), policy: "abc" }, INPUT, signal);
  await expect(starting).rejects.toMatchObject({
    code: "network_unavailable",
    message: expect.stringContaining(why) as string,
  });
});
