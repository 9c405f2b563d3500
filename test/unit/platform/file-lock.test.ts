import { access } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { acquireFileLock, tryFileLock } from "../../../src/platform/file-lock.js";
import { readLine } from "../helpers/processes.js";
import { startSourceScript } from "../helpers/source-script.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const HOLDER = `
  import { acquireFileLock } from "./platform/file-lock.js";
  const lock = await acquireFileLock(process.argv[2]);
  console.log("locked");
  process.stdin.once("data", () => lock.release().then(() => process.exit()));`;

/** A lock that does not come in this time never comes. */
const soon = () => AbortSignal.timeout(20_000);

async function makeLockFile(): Promise<string> {
  return path.join(await makeTempDirectory(), "it's a lock");
}

test("the file is made, and the lock can be taken again once it was released", async () => {
  const file = await makeLockFile();
  const first = await acquireFileLock(file, soon());
  await access(file);
  await first.release();
  await first.release();
  await using second = await tryFileLock(file);
  expect(second).toBeDefined();
});

test("trying a lock that is held by another process answers at once with nothing", async () => {
  const file = await makeLockFile();
  const holder = await startSourceScript(HOLDER, [file]);
  expect(await readLine(holder)).toBe("locked");
  expect(await tryFileLock(file)).toBeUndefined();
});

test("whoever waits gets the lock when the other process releases it", async () => {
  const file = await makeLockFile();
  const holder = await startSourceScript(HOLDER, [file]);
  await readLine(holder);
  const waiting = acquireFileLock(file, soon());
  holder.stdin?.write("release\n");
  await using lock = await waiting;
  expect(lock).toBeDefined();
});

test("a holder killed with -9 frees the lock", async () => {
  const file = await makeLockFile();
  const holder = await startSourceScript(HOLDER, [file]);
  await readLine(holder);
  const waiting = acquireFileLock(file, soon());
  holder.kill("SIGKILL");
  await using lock = await waiting;
  expect(await tryFileLock(file)).toBeUndefined();
  expect(lock).toBeDefined();
});

test("one who gives up while waiting rejects with the reason and never gets the lock", async () => {
  const file = await makeLockFile();
  const held = await acquireFileLock(file, soon());
  const controller = new AbortController();
  const waiting = acquireFileLock(file, controller.signal);
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await held.release();
  await using next = await tryFileLock(file);
  expect(next).toBeDefined();
});

test("with a signal that is aborted already nothing is made", async () => {
  const file = await makeLockFile();
  await expect(acquireFileLock(file, AbortSignal.abort(new Error("no")))).rejects.toThrow("no");
  await expect(access(file)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a file that cannot be made is an error that names it", async () => {
  const file = path.join(await makeTempDirectory(), "missing", "lock");
  await expect(acquireFileLock(file)).rejects.toThrow(`cannot lock ${file}: flock: cannot open lock file`);
  await expect(tryFileLock(file)).rejects.toThrow(file);
});

test("only one of many has the lock at any time", async () => {
  const file = await makeLockFile();
  let holders = 0;
  const most: number[] = [];
  const work = async () => {
    await using _lock = await acquireFileLock(file, soon());
    holders += 1;
    most.push(holders);
    await new Promise((resolve) => setImmediate(resolve));
    holders -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(most).toEqual(Array.from({ length: 8 }, () => 1));
});
