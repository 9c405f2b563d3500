import { describe, expect, test } from "vitest";
import { HumanOutput } from "../../../src/cli/human-output.js";
import { PyroError } from "../../../src/contract/errors.js";
import type { ProgressEvent } from "../../../src/contract/events.js";
import { CapturedStream } from "../helpers/captured-stream.js";

function makeOutput(kind: { isTTY?: boolean } = {}) {
  const stdout = new CapturedStream(kind);
  const stderr = new CapturedStream(kind);
  return { stdout, stderr, output: new HumanOutput(stdout, stderr) };
}

const STATUS: ProgressEvent = { type: "progress", tag: "run", fields: { phase: "create" } };
const MOVED: ProgressEvent = { ...STATUS, done: { current: 1, total: 2, unit: "files" } };
const PRUNED = { deleted_environment_dirs: ["/c/\u001b[2J"], count: 1, freed_bytes: 2048 };

describe("into a file or a pipe", () => {
  test("the guest's bytes go as they are, each stream to its own", async () => {
    const { stdout, stderr, output } = makeOutput();
    await output.event({ type: "stdout", data: Uint8Array.of(0, 0xff, 0x1b) });
    await output.event({ type: "stderr", data: Buffer.from("\u001b[31m") });
    expect([...stdout.bytes]).toEqual([0, 0xff, 0x1b]);
    expect(stderr.text).toBe("\u001b[31m");
  });

  test("a status line goes to stderr, and a bar nowhere", async () => {
    const { stdout, stderr, output } = makeOutput();
    await output.event(STATUS);
    await output.event(MOVED);
    expect(stderr.text).toBe("[run] phase=create\n");
    expect(stdout.text).toBe("");
  });
});

describe("onto a terminal", () => {
  test("the guest's output is shown, and can do nothing to it", async () => {
    const { stdout, output } = makeOutput({ isTTY: true });
    await output.event({ type: "stdout", data: Buffer.from("\u001b]0;owned\u0007é\n") });
    expect(stdout.text).toBe("\\x1b]0;owned\\x07é\n");
  });

  test("a character in two events is one character, on each stream for itself", async () => {
    const { stdout, stderr, output } = makeOutput({ isTTY: true });
    const [first, ...rest] = Buffer.from("€");
    await output.event({ type: "stdout", data: Uint8Array.of(first ?? 0) });
    await output.event({ type: "stderr", data: Buffer.from("between") });
    await output.event({ type: "stdout", data: Uint8Array.from(rest) });
    expect(stdout.text).toBe("€");
    expect(stderr.text).toBe("between");
  });

  test("a bar stands on one line and is gone before anything else is shown", async () => {
    const { stdout, stderr, output } = makeOutput({ isTTY: true });
    await output.event(MOVED);
    await output.event(MOVED);
    const bar = `\r\u001b[K[run] phase=create [${"#".repeat(12)}${".".repeat(12)}] 50 %`;
    expect(stderr.text).toBe(bar + bar);
    await output.event({ type: "stdout", data: Buffer.from("out") });
    expect(stderr.text).toBe(`${bar}${bar}\r\u001b[K`);
    await output.event(STATUS);
    expect(stderr.text).toBe(`${bar}${bar}\r\u001b[K[run] phase=create\n`);
    expect(stdout.text).toBe("out");
  });

  test.each([
    ["a result", (output: HumanOutput) => output.result("env_prune", PRUNED)],
    ["a document", (output: HumanOutput) => output.document({}, { stdout: "text\n" })],
    ["an error", (output: HumanOutput) => output.error(new PyroError("timeout", "late"))],
  ])("a bar is gone before %s", async (_, show) => {
    const { stderr, output } = makeOutput({ isTTY: true });
    await output.event(MOVED);
    const before = stderr.text.length;
    await show(output);
    expect(stderr.text.slice(before, before + 4)).toBe("\r\u001b[K");
  });
});

test("a result is rendered for people, with nothing in it that drives a terminal", async () => {
  const { stdout, output } = makeOutput();
  await output.result("env_prune", PRUNED);
  expect(stdout.text).toBe("Deleted: /c/\\x1b[2J\nPruned: 1\nFreed: 2.0 KiB\n");
});

test("a document is its text", async () => {
  const { stdout, output } = makeOutput();
  await output.document({ running: false }, { stdout: "Daemon: not running\n" });
  expect(stdout.text).toBe("Daemon: not running\n");
});

describe("the user's own text", () => {
  const content = "a\u001b[2J\r\tb";

  test("is exact in a file or a pipe", async () => {
    const { stdout, output } = makeOutput();
    await output.document({}, { content });
    expect(stdout.text).toBe(content);
  });

  test("drives no terminal, and the line after it is one of its own", async () => {
    const { stdout, output } = makeOutput({ isTTY: true });
    await output.document({}, { content, stdout: "[line]\n" });
    expect(stdout.text).toBe("a\\x1b[2J\\x0d\tb\n[line]\n");
  });
});

test("an error is one line of what and one of what to do, on stderr", async () => {
  const { stdout, stderr, output } = makeOutput();
  await output.error(new PyroError("conflict", "busy \u001b[2J", { hint: "Wait.", details: { pid: 1 } }));
  expect(stderr.text).toBe("error: busy \\x1b[2J\nhint: Wait.\n");
  expect(stdout.text).toBe("");
});

test("no line of an error's message passes for the hint", async () => {
  const { stderr, output } = makeOutput();
  await output.error(new PyroError("patch_rejected", "a.txt: hunk 1:\nhint: forged", { hint: "Wait." }));
  expect(stderr.text).toBe("error: a.txt: hunk 1:\n  hint: forged\nhint: Wait.\n");
});

test("either stream that nobody reads any more is told", async () => {
  for (const which of ["stdout", "stderr"] as const) {
    const made = makeOutput();
    const broken = new Promise<PyroError>((resolve) => made.output.onWriteFailure(resolve));
    made[which].destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await broken;
    await made.output.flush();
  }
});
