import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { PyroError } from "../../../../src/contract/errors.js";
import { callImageHelper } from "../../../../src/environment/image/image-helper.js";
import {
  describeWaiting,
  type HelperProgress,
  type HelperWaiting,
} from "../../../../src/environment/image/helper-events.js";

/** A stand-in for the helper: a shell script in whose directory `request` is what it was asked. */
async function makeHelper(script: string) {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-helper-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const program = path.join(directory, "helper");
  await writeFile(program, `#!/bin/sh\nread -r line\necho "$* $line" >${directory}/request\n${script}\n`, {
    mode: 0o755,
  });
  return { directory, program };
}

const result = z.object({ digest: z.string() });

async function failureOf(script: string, signal?: AbortSignal): Promise<unknown> {
  const { program } = await makeHelper(script);
  return callImageHelper({ act: "pull", request: {}, result, signal }, program).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("a request goes in as a line, and progress and the result come out", async () => {
  const { directory, program } = await makeHelper(
    `printf '{"event":"progress","phase":"download","done_bytes":1,"total'
     sleep 0.1; printf '_bytes":2}\\n{"event":"result","digest":"ü"}\\n'`,
  );
  const told: HelperProgress[] = [];
  const call = { act: "resolve", request: { reference: "host:1/x" }, result } as const;
  const answer = await callImageHelper({ ...call, onProgress: (event) => told.push(event) }, program);
  expect(answer).toEqual({ digest: "ü" });
  expect(told).toEqual([{ event: "progress", phase: "download", done_bytes: 1, total_bytes: 2 }]);
  const asked = await readFile(path.join(directory, "request"), "utf8");
  expect(asked).toBe('image resolve {"reference":"host:1/x"}\n');
});

test("a wait that the helper reports is told, with how long it takes", async () => {
  const { program } = await makeHelper(
    `echo '{"event":"waiting","reason":"the registry","seconds":5}'
     echo '{"event":"waiting","reason":"another pull","seconds":0}'
     echo '{"event":"result","digest":"d"}'`,
  );
  const told: unknown[] = [];
  const onWaiting = (waiting: HelperWaiting) => told.push(describeWaiting(waiting));
  await callImageHelper({ act: "pull", request: {}, result, onWaiting }, program);
  expect(told).toEqual([{ waiting_for: "the registry", seconds: 5 }, { waiting_for: "another pull" }]);
});

test("a failure that the helper reports has its code, hint and details", async () => {
  const event = {
    event: "error",
    code: "registry_denied",
    message: "401",
    hint: "log in",
    details: { a: 1 },
  };
  const error = await failureOf(`echo '${JSON.stringify(event)}'; exit 1`);
  expect(error).toMatchObject({ code: "registry_denied", message: "401", hint: "log in", details: { a: 1 } });
});

test.each([
  ["a code that is not known", `echo '{"event":"error","code":"odd","message":"m"}'`, "m"],
  ["no answer", "echo why >&2; exit 3", "without an answer (3)"],
  ["a death", "kill -9 $$", "was killed (SIGKILL)"],
])("%s is an internal error", async (_, script, message) => {
  const error = await failureOf(script);
  expect(error).toBeInstanceOf(PyroError);
  expect(error).toMatchObject({ code: "internal" });
  expect(String(error)).toContain(message);
});

test("a line that is no event ends the call", async () => {
  await expect(failureOf("echo hello; cat")).resolves.toBeInstanceOf(SyntaxError);
});

test("an aborted call ends the helper", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  expect(await failureOf("cat", abort.signal)).toMatchObject({ name: "AbortError" });
});

test("a helper that is not there is said", async () => {
  const call = { act: "pull", request: {}, result } as const;
  await expect(callImageHelper(call, "/no/such/helper")).rejects.toMatchObject({
    code: "program_missing",
  });
});
