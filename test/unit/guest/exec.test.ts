import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { OnOutput } from "../../../src/guest/exec.js";
import { makeGate } from "../helpers/gate.js";
import { playAgent } from "./played-agent.js";

interface Exited {
  readonly exitCode?: number;
  readonly signal?: number;
  readonly timedOut?: boolean;
  readonly durationUs?: bigint;
}

const exited = (value: Exited = {}) => ({ message: { case: "exited" as const, value } });
const output = <Stream extends "stdout" | "stderr">(stream: Stream, text: string) => ({
  message: { case: stream, value: Buffer.from(text) },
});

const ignore: OnOutput = () => undefined;

/** An agent that answers every command with the same messages. */
function playAnswers(...answers: readonly (ReturnType<typeof exited> | ReturnType<typeof output>)[]) {
  return playAgent({
    process: {
      exec: async function* () {
        for (const answer of answers) yield await Promise.resolve(answer);
      },
    },
  });
}

describe("a result", () => {
  test("has exit code and duration", async () => {
    const { agent } = await playAnswers(exited({ exitCode: 42, durationUs: 1_500n }));
    expect(await agent.exec({ argv: ["x"] }, ignore)).toEqual({
      exitCode: 42,
      signal: undefined,
      timedOut: false,
      durationMs: 1.5,
    });
  });

  test.each([
    [6, "SIGABRT"],
    [9, "SIGKILL"],
    [15, "SIGTERM"],
    [29, "SIGIO"],
    [64, "SIG64"],
    [2 ** 32 - 1, "SIG4294967295"],
  ])("names signal %d %s", async (signal, name) => {
    const { agent } = await playAnswers(exited({ exitCode: 128, signal }));
    expect(await agent.exec({ argv: ["x"] }, ignore)).toMatchObject({ signal: name });
  });

  test.each([256, 1000, 2 ** 32 - 1])(
    "never has an exit code that no process can have: %d",
    async (exitCode) => {
      const { agent } = await playAnswers(exited({ exitCode }));
      expect(await agent.exec({ argv: ["x"] }, ignore)).toMatchObject({ exitCode: 255 });
    },
  );

  test("survives a duration of half a million years", async () => {
    const { agent } = await playAnswers(exited({ durationUs: 2n ** 64n - 1n }));
    expect((await agent.exec({ argv: ["x"] }, ignore)).durationMs).toBeCloseTo(2 ** 64 / 1000, -4);
  });

  test("of a command that timed out says so", async () => {
    const { agent } = await playAnswers(exited({ exitCode: 124, timedOut: true, signal: 9 }));
    expect(await agent.exec({ argv: ["x"] }, ignore)).toMatchObject({ exitCode: 124, timedOut: true });
  });
});

test("output comes in its order, each stream as that", async () => {
  const { agent } = await playAnswers(
    output("stdout", "a"),
    output("stderr", "b"),
    output("stdout", "c"),
    exited(),
  );
  const seen: string[] = [];
  await agent.exec(
    { argv: ["x"] },
    (stream, chunk) => void seen.push(`${stream} ${Buffer.from(chunk).toString()}`),
  );
  expect(seen).toEqual(["stdout a", "stderr b", "stdout c"]);
});

describe("what is sent", () => {
  /** An agent that keeps what it is sent. */
  async function playRecorder() {
    const received: unknown[] = [];
    const played = await playAgent({
      process: {
        exec: async function* (requests) {
          for await (const { message } of requests) {
            if (message.case === "start") {
              const { processId, argv, cwd, env, stdin, timeoutMs } = message.value;
              received.push({ processId, argv, cwd, env, stdin, timeoutMs });
            } else if (message.case === "stdin") {
              received.push(message.value.length);
            } else {
              received.push(message.case);
            }
          }
          yield exited();
        },
      },
    });
    return { ...played, received };
  }

  test("is the command as it was given", async () => {
    const { agent, received } = await playRecorder();
    const argv = ["sh", "-c", 'echo "$1"', "", "ü 😀\n"];
    await agent.exec({ argv, cwd: "/w", env: { A: "1=2" }, timeoutMs: 5000, processId: "p" }, ignore);
    expect(received).toEqual([
      { processId: "p", argv, cwd: "/w", env: { A: "1=2" }, stdin: false, timeoutMs: 5000 },
    ]);
  });

  test("is stdin in pieces that the agent takes, and its end", async () => {
    const { agent, received } = await playRecorder();
    async function* stdin() {
      yield await Promise.resolve(Buffer.alloc(150_000));
      yield new Uint8Array(3);
    }
    await agent.exec({ argv: ["cat"], stdin: stdin(), processId: "p" }, ignore);
    expect(received.slice(1)).toEqual([65_536, 65_536, 18_928, 3, "stdinEnd"]);
  });
});

describe("a call ends", () => {
  test("with its command, although the guest does not end the stream; that is cut off in the end", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const cut = makeGate();
    const { agent } = await playAgent({
      process: {
        exec: async function* (_requests, { signal }) {
          signal.addEventListener("abort", () => cut.open());
          yield exited({ exitCode: 3 });
          await cut.opened;
        },
      },
    });
    expect(await agent.exec({ argv: ["true"] }, ignore)).toMatchObject({ exitCode: 3 });
    await vi.advanceTimersByTimeAsync(10_000);
    await cut.opened;
  });

  test("with its command, although stdin never does", async () => {
    const { agent } = await playAnswers(exited({ exitCode: 3 }));
    const never = makeGate();
    async function* stdin() {
      yield Buffer.from("some");
      await never.opened;
    }
    expect(await agent.exec({ argv: ["true"], stdin: stdin() }, ignore)).toMatchObject({ exitCode: 3 });
  });

  test("with its command, although stdin never stops", async () => {
    const { agent } = await playAnswers(exited({ exitCode: 3 }));
    async function* stdin() {
      for (;;) yield await Promise.resolve(Buffer.alloc(100_000));
    }
    expect(await agent.exec({ argv: ["true"], stdin: stdin() }, ignore)).toMatchObject({ exitCode: 3 });
  });

  test("with the agent's own words when it refuses the command", async () => {
    const { agent } = await playAgent({
      process: {
        exec: () => {
          throw new ConnectError('cwd "/x" is not a directory', Code.InvalidArgument);
        },
      },
    });
    await expect(agent.exec({ argv: ["x"], cwd: "/x" }, ignore)).rejects.toMatchObject({
      code: "invalid_input",
      message: 'cwd "/x" is not a directory',
    });
  });

  test("when it is aborted, with the reason, and the guest learns of it", async () => {
    const controller = new AbortController();
    const told = makeGate();
    const { agent } = await playAgent({
      process: {
        exec: async function* (_requests, context) {
          context.signal.addEventListener("abort", () => told.open());
          yield output("stdout", "running");
          await told.opened;
        },
      },
    });
    const reason = new Error("enough");
    const call = agent.exec({ argv: ["sleep"] }, () => controller.abort(reason), controller.signal);
    await expect(call).rejects.toBe(reason);
    await told.opened;
  });
});

test("two commands run side by side, and a slow reader of one holds up only that one", async () => {
  const { agent } = await playAgent({
    process: {
      exec: async function* () {
        for (let index = 0; index < 64; index += 1)
          yield await Promise.resolve(output("stdout", "x".repeat(65_536)));
        yield exited();
      },
    },
  });
  const gate = makeGate();
  const slow = agent.exec({ argv: ["slow"] }, () => gate.opened);
  let quickBytes = 0;
  await agent.exec({ argv: ["quick"] }, (_stream, chunk) => void (quickBytes += chunk.length));
  expect(quickBytes).toBe(64 * 65_536);
  gate.open();
  expect(await slow).toMatchObject({ exitCode: 0 });
});
