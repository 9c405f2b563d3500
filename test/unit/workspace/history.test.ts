// A life's history: commands in order, whole output, and what a later daemon reads of it.

import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findLoss } from "../../../src/workspace/loss.js";
import { History } from "../../../src/workspace/history.js";
import { Redactor } from "../../../src/workspace/secrets/redactor.js";
import { readLogs, type Logs, type LogsRequest } from "../../../src/workspace/read-logs.js";

const NO_SECRETS = new Redactor([]);

const ENDING = { exitCode: 0, timedOut: false, signal: null, durationMs: 5 };
const ALL = { sequence: undefined, stream: undefined, offset: 0, maxBytes: 65_536, limit: undefined };

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "pyro-history-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test("commands that run at once are recorded in the order of their begins, whatever order they end in", async () => {
  const history = History.begin(directory, NO_SECRETS);
  const running = await Promise.all(
    Array.from({ length: 36 }, (_, index) => history.beginCommand(`echo ${index + 1}`, "/workspace")),
  );
  for (const command of running.reverse()) {
    await command.output.push("stdout", Buffer.from(`${command.sequence}\n`));
    await command.end(ENDING);
  }
  const { count, entries } = await readLogs(history, ALL);
  expect(count).toBe(36);
  expect(entries.map(({ command }) => command.sequence)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
  expect(entries.map(({ stdout }) => stdout.text)).toEqual(
    Array.from({ length: 36 }, (_, i) => `${i + 1}\n`),
  );
  await history.close();
});

test("the next daemon reads what was written, and a command without an end was interrupted", async () => {
  const history = History.begin(directory, NO_SECRETS);
  const whole = await history.beginCommand("make", "/workspace");
  await whole.output.push("stderr", Buffer.from("warning\n"));
  await whole.end({ ...ENDING, exitCode: 2 });
  await history.noteEdit("write", "/workspace/a");
  await history.beginCommand("sleep 1000", "/workspace/src");
  await history.close();
  // A crash in the middle of a line.
  await appendFile(path.join(directory, "journal.jsonl"), '{"kind":"end","sequ');

  const later = await History.open(directory, NO_SECRETS);
  expect(later.commandCount).toBe(2);
  expect(later.lineCount).toBe(4);
  expect(later.lastCommand).toMatchObject({ sequence: 1, command: "make", exitCode: 2 });
  const { entries } = await readLogs(later, ALL);
  expect(entries.map(({ command }) => command.end?.exitCode)).toEqual([2, undefined]);
  expect(entries[0]?.stderr).toMatchObject({ text: "warning\n", totalBytes: 8, truncated: false });
  expect((await later.beginCommand("true", "/workspace")).sequence).toBe(3);
  await later.close();
  // The new line has not become a part of the torn one.
  expect(await History.open(directory, NO_SECRETS)).toMatchObject({ commandCount: 3, lineCount: 5 });
});

test("a journal that could not be opened once is written to when it can be", async () => {
  const life = path.join(directory, "life-0");
  const history = History.begin(life, NO_SECRETS);
  await expect(history.beginCommand("make", "/workspace")).rejects.toMatchObject({ code: "ENOENT" });
  await mkdir(life);
  await history.beginCommand("make again", "/workspace");
  await history.close();
  expect((await history.readCommands()).map(({ command }) => command)).toEqual(["make again"]);
});

test("what came after a capture is named as lost", async () => {
  const history = History.begin(directory, NO_SECRETS);
  const before = await history.beginCommand("make deps", "/workspace");
  await before.end(ENDING);
  const across = await history.beginCommand("make watch", "/workspace");
  const captured = history.lineCount;
  await across.end(ENDING);
  const after = await history.beginCommand("make test", "/workspace");
  await after.end(ENDING);
  await history.noteEdit("patch", "src/a.c");
  await history.noteExport("/workspace/a", "/tmp/a");
  expect(findLoss(await history.readLines(), captured)).toEqual({
    missingCommands: [
      { sequence: 2, command: "make watch" },
      { sequence: 3, command: "make test" },
    ],
    missingEdits: 1,
  });
  await history.close();
});

test("long output is read in pieces that end at whole characters and together are everything", async () => {
  const history = History.begin(directory, NO_SECRETS);
  const text = "žluťoučký kůň 🐎 ".repeat(2_000);
  const command = await history.beginCommand("cat", "/workspace");
  await command.output.push("stdout", Buffer.from(text));
  await command.end(ENDING);
  let read = "";
  let offset: number | null = 0;
  while (offset !== null) {
    const request: LogsRequest = { ...ALL, sequence: 1, stream: "stdout", offset, maxBytes: 1_001 };
    const logs: Logs = await readLogs(history, request);
    const [entry] = logs.entries;
    read += entry?.stdout.text ?? "";
    offset = entry?.stdout.nextOffset ?? null;
  }
  expect(read).toBe(text);
  await expect(history.getCommand(2)).rejects.toMatchObject({ code: "path_not_found" });
  await history.close();
});
