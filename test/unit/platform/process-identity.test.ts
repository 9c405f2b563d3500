import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { findProcess, isAlive, signalProcess, waitForExit } from "../../../src/platform/process-identity.js";
import { pidOf, readLine, startChild } from "../helpers/processes.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function identify(pid: number) {
  const found = await findProcess(pid);
  if (!found) throw new Error(`there is no process ${pid}`);
  return found;
}

test("a running process is found, and is the same one the next time", async () => {
  const self = await identify(process.pid);
  expect(self).toEqual(await findProcess(process.pid));
  expect(await isAlive(self)).toBe(true);
});

test.each([0, -1, 2 ** 30, Number.NaN])("there is no process %d", async (pid) => {
  expect(await findProcess(pid)).toBeUndefined();
});

test("a process that has ended is gone", async () => {
  const child = startChild("cat", []);
  const identity = await identify(pidOf(child));
  child.kill("SIGKILL");
  await once(child, "close");
  expect(await isAlive(identity)).toBe(false);
  expect(await signalProcess(identity, "SIGTERM")).toBe(false);
  expect(await waitForExit(identity, 0)).toBe(true);
});

test("a zombie is dead", async () => {
  // `cat` takes the shell's place and never reaps the child that it inherits from it.
  const parent = startChild("sh", ["-c", "sleep 60 <&- >&- & echo $!; exec cat"]);
  const identity = await identify(Number(await readLine(parent)));
  expect(await signalProcess(identity, "SIGKILL")).toBe(true);
  expect(await waitForExit(identity, 10_000)).toBe(true);
  expect(await findProcess(identity.pid)).toBeUndefined();
  // It is still in the table: signalling its bare pid would work.
  expect(process.kill(identity.pid, 0)).toBe(true);
});

test("a stranger with the pid of a former process is neither it nor signalled", async () => {
  const child = startChild("cat", []);
  const { pid, startTime } = await identify(pidOf(child));
  const former = { pid, startTime: String(Number(startTime) - 1) };
  expect(await isAlive(former)).toBe(false);
  expect(await signalProcess(former, "SIGKILL")).toBe(false);
  expect(await waitForExit(former, 0)).toBe(true);
  expect(await isAlive({ pid, startTime })).toBe(true);
});

test("a program whose name looks like the end of its name is understood", async () => {
  const program = path.join(await makeTempDirectory(), "a) Z 1 (b");
  await copyFile("/bin/cat", program);
  const child = startChild(program, []);
  const identity = await identify(pidOf(child));
  expect(identity.startTime).toMatch(/^\d+$/);
  expect(await isAlive(identity)).toBe(true);
});

test("waiting for a process that stays gives up after the time that is given", async () => {
  expect(await waitForExit(await identify(process.pid), 20)).toBe(false);
});
