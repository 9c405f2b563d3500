import { appendFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openLog } from "../../../src/daemon/log.js";
import type { LogLevel } from "../../../src/platform/settings.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

async function makeLog(level: LogLevel = "info") {
  const file = path.join(await makeTempDirectory(), "daemon.log");
  return { file, log: openLog(file, level), read: () => readFile(file, "utf8") };
}

test("an event is one line: time, event, fields", async () => {
  const { file, log, read } = await makeLog();
  log.write("call", { operation: "vm_run", duration_ms: 12, reused: false, gone: undefined });
  log.write("started");
  expect(await read()).toMatch(
    new RegExp(`^${TIME} call operation=vm_run duration_ms=12 reused=false\n${TIME} started\n$`),
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("what a user wrote cannot forge a line or a field", async () => {
  const { log, read } = await makeLog();
  log.write("failure", {
    message: 'one\n2026-01-01T00:00:00.000Z started pid=1 \u001b[2J "quoted"',
    empty: "",
  });
  const text = await read();
  expect(text.split("\n")).toHaveLength(2);
  expect(text).toContain(
    String.raw`message="one\n2026-01-01T00:00:00.000Z started pid=1 \u001b[2J \"quoted\"" empty=""`,
  );
});

describe("stack traces", () => {
  test("are written at level debug, indented below their event", async () => {
    const { log, read } = await makeLog("debug");
    log.debug("stack", "Error: x\n    at y");
    expect(await read()).toMatch(new RegExp(`^${TIME} stack\n  Error: x\n      at y\n$`));
  });

  test("are not written otherwise", async () => {
    const { file, log } = await makeLog("info");
    log.debug("stack", "Error: x");
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("a log that has grown too large is kept once and started anew", async () => {
  const { file, log, read } = await makeLog();
  await writeFile(file, "old\n");
  await appendFile(file, "x".repeat(4 * 1024 * 1024));
  log.write("new");
  log.write("newer");
  expect(await read()).toMatch(new RegExp(`^${TIME} new\n${TIME} newer\n$`));
  expect(await readdir(path.dirname(file))).toEqual(["daemon.log", "daemon.log.1"]);
  expect((await readFile(`${file}.1`, "utf8")).slice(0, 4)).toBe("old\n");
});

test("a log that cannot be written harms nobody", () => {
  const log = openLog("/no/such/directory/daemon.log", "debug");
  expect(() => log.write("event")).not.toThrow();
  expect(() => log.debug("event", "text")).not.toThrow();
  expect(() => openLog("/dev/full", "info").write("event")).not.toThrow();
});
