// How runProcess ends a program with all of its children: TERM, grace, KILL.

import { expect, onTestFinished, test, vi } from "vitest";
import { findProcess, waitForExit, type ProcessIdentity } from "../../../src/platform/process-identity.js";
import { runProcess, type RunOptions } from "../../../src/platform/processes.js";

const QUICKLY = { graceMs: 50 } as const;
const REASON = new Error("enough");

/** Runs a shell script, and aborts when it prints to stderr the pid of a child that has to go with it. */
async function runUntilPid(
  script: string,
  options: RunOptions,
): Promise<{ child: ProcessIdentity; failure: unknown }> {
  const controller = new AbortController();
  let looked: Promise<ProcessIdentity | undefined> = Promise.resolve(undefined);
  const running = runProcess(["sh", "-c", script], {
    ...options,
    signal: controller.signal,
    onStderrLine: (line) => {
      looked = findProcess(Number(line)).finally(() => controller.abort(REASON));
    },
  });
  const failure: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  const child = await looked;
  if (!child) throw new Error("the script's child was not there");
  return { child, failure };
}

test("a program that obeys ends by TERM when its time is over", async () => {
  const result = await runProcess(["sleep", "60"], { timeoutMs: 20 });
  expect(result).toMatchObject({ exitCode: null, signal: "SIGTERM", timedOut: true });
});

test("what was printed before the timeout is kept", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const ended = runProcess(["sh", "-c", "echo out; echo err >&2; exec sleep 60"], {
    timeoutMs: 30_000,
    onStderrLine: () => vi.advanceTimersByTime(30_000),
  });
  expect(await ended).toMatchObject({ timedOut: true, stdout: "out\n", stderr: "err\n" });
});

test("a program that ends in time is not called timed out", async () => {
  expect(await runProcess(["true"], { timeoutMs: 60_000 })).toMatchObject({ exitCode: 0, timedOut: false });
});

test("an abort rejects with its reason, and the program is gone", async () => {
  const { child, failure } = await runUntilPid("echo $$ >&2; exec sleep 60", {});
  expect(failure).toBe(REASON);
  expect(await waitForExit(child, 10_000)).toBe(true);
});

test("a whole group that ignores TERM is killed after the grace", async () => {
  const { child, failure } = await runUntilPid("trap '' TERM; sleep 60 & echo $! >&2; sleep 60", QUICKLY);
  expect(failure).toBe(REASON);
  expect(await waitForExit(child, 10_000)).toBe(true);
});

test("a child that ignores TERM and has closed its output goes with its parent", async () => {
  const script = `sh -c 'trap "" TERM; echo $$ >&2; exec sleep 60 >&- 2>&-' & exec sleep 60`;
  const { child } = await runUntilPid(script, QUICKLY);
  expect(await waitForExit(child, 10_000)).toBe(true);
});

test("a descendant that left the group and keeps the output open holds nobody up", async () => {
  const { child, failure } = await runUntilPid(
    "setsid sh -c 'echo $$ >&2; exec sleep 60' & exec sleep 60",
    QUICKLY,
  );
  process.kill(child.pid, "SIGKILL");
  expect(failure).toBe(REASON);
}, 10_000);

test("a program that ends by itself takes no child with it", async () => {
  const { stdout } = await runProcess(["sh", "-c", "sleep 60 >&- 2>&- & echo $!"]);
  const child = await findProcess(Number(stdout));
  expect(child).toBeDefined();
  process.kill(Number(stdout), "SIGKILL");
});
