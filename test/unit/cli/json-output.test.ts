import { expect, test } from "vitest";
import { JsonOutput } from "../../../src/cli/json-output.js";
import { PyroError } from "../../../src/contract/errors.js";
import { CapturedStream } from "../helpers/captured-stream.js";

function makeOutput() {
  const stdout = new CapturedStream();
  const stderr = new CapturedStream();
  return { stdout, stderr, output: new JsonOutput(stdout, stderr) };
}

test("stdout is one document; the guest's output is part of it and not shown beside it", async () => {
  const { stdout, stderr, output } = makeOutput();
  await output.event({ type: "stdout", data: Buffer.from("guest") });
  await output.event({ type: "stderr", data: Buffer.from("guest") });
  await output.result("env_prune", { freed_bytes: 1, count: 0, deleted_environment_dirs: [] });
  expect(stdout.text).toBe('{\n  "count": 0,\n  "deleted_environment_dirs": [],\n  "freed_bytes": 1\n}\n');
  expect(stderr.text).toBe("");
});

test("status lines go to stderr, without a bar", async () => {
  const { stdout, stderr, output } = makeOutput();
  await output.event({ type: "progress", tag: "pull", fields: { phase: "\u001b[2J" } });
  await output.event({ type: "progress", tag: "pull", fields: {}, done: { current: 1, total: 2, unit: "" } });
  expect(stderr.text).toBe("[pull] phase=\\x1b[2J\n");
  expect(stdout.text).toBe("");
});

test("a document is its value", async () => {
  const { stdout, output } = makeOutput();
  await output.document({ running: false });
  expect(JSON.parse(stdout.text)).toEqual({ running: false });
});

test("an error is a document too: code, message, hint, details", async () => {
  const { stdout, stderr, output } = makeOutput();
  await output.error(new PyroError("conflict", "busy \u009b", { hint: "Wait.", details: { pid: 1 } }));
  expect(stdout.text).not.toContain("\u009b");
  expect(JSON.parse(stdout.text)).toEqual({
    error: { code: "conflict", message: "busy \u009b", hint: "Wait.", details: { pid: 1 } },
  });
  expect(stderr.text).toBe("");
});

test("a reader that went away is told, and flushing does not wait for it", async () => {
  const { stdout, output } = makeOutput();
  const broken = new Promise<PyroError>((resolve) => output.onWriteFailure(resolve));
  stdout.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await broken;
  await output.flush();
});

test("a reader of the status lines that went away ends nothing", async () => {
  const { stdout, stderr, output } = makeOutput();
  const failures: PyroError[] = [];
  output.onWriteFailure((error) => failures.push(error));
  stderr.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await new Promise((resolve) => stderr.once("close", resolve));
  await output.event({ type: "progress", tag: "pull", fields: {} });
  await output.document({ running: false });
  expect(failures).toEqual([]);
  expect(JSON.parse(stdout.text)).toEqual({ running: false });
});
