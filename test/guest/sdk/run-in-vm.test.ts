// runInVm: results, streams, cancellation.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../helpers/failure-of.js";
import { expectNothingLeft } from "../../helpers/nothing-left.js";
import { useSdk } from "./use-sdk.js";

const MIB = 1024 * 1024;

describe("runInVm", () => {
  const sdk = useSdk();

  test("gives output and status; a command that fails is a result", async () => {
    const result = await sdk().pyro.runInVm({ command: ["sh", "-c", "echo out; echo err >&2; exit 7"] });
    expect(result).toMatchObject({
      environment: "debian:12",
      stdout: "out\n",
      stderr: "err\n",
      exitCode: 7,
      timedOut: false,
      signal: null,
      executionMode: "guest",
      cleanup: { vmId: result.vmId, deleted: true, reason: "post_exec_cleanup" },
    });
  });

  test("one string goes to the guest's shell", async () => {
    expect(await sdk().pyro.runInVm({ command: "echo $((6 * 7))" })).toMatchObject({ stdout: "42\n" });
  });

  test("a timeout is a result", async () => {
    const result = await sdk().pyro.runInVm({ command: "echo before; sleep 100", timeoutSeconds: 1 });
    expect(result).toMatchObject({ stdout: "before\n", timedOut: true, exitCode: 124, timeoutSeconds: 1 });
  });

  test("several at once keep apart", async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map((number) => sdk().pyro.runInVm({ command: `echo ${number} > /tmp/n; cat /tmp/n` })),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n", "4\n"]);
    expect(new Set(results.map(({ vmId }) => vmId)).size).toBe(4);
  });

  test("output is streamed while the command runs, and stdin answers it", async () => {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    async function* stdin() {
      await asked;
      yield new TextEncoder().encode("hello\n");
    }
    const seen: string[] = [];
    const { exitCode } = await sdk().pyro.runInVm({
      command: "echo question; read line; echo answer: $line",
      stdin: stdin(),
      onStdout: (chunk) => {
        seen.push(Buffer.from(chunk).toString());
        answer();
      },
    });
    expect(exitCode).toBe(0);
    expect(seen).toEqual(["question\n", "answer: hello\n"]);
  });

  test("callbacks get all bytes of long output, of which the result keeps head and tail", async () => {
    let sizeBytes = 0;
    const result = await sdk().pyro.runInVm({
      command: `head -c ${5 * MIB} /dev/zero`,
      onStdout: (chunk) => void (sizeBytes += chunk.length),
    });
    expect(sizeBytes).toBe(5 * MIB);
    expect(result.stdoutTruncated).toBe(true);
  });

  test("a callback that takes its time holds the command up", async () => {
    const heldMs = 2_000;
    let chunks = 0;
    let atOnce = 0;
    let sizeBytes = 0;
    const { durationMs } = await sdk().pyro.runInVm({
      command: `head -c ${50 * MIB} /dev/zero`,
      timeoutSeconds: 120,
      onStdout: async (chunk) => {
        expect(++atOnce).toBe(1);
        if (chunks++ === 0) await sleep(heldMs);
        sizeBytes += chunk.length;
        atOnce--;
      },
    });
    expect(sizeBytes).toBe(50 * MIB);
    // Without back-pressure the command would have ended long before its first chunk was taken.
    expect(durationMs).toBeGreaterThan(heldMs * 0.9);
  });

  test("progress tells the steps", async () => {
    const phases: string[] = [];
    const { vmId } = await sdk().pyro.runInVm({
      command: "true",
      onProgress: ({ tag, phase, fields }) => void phases.push(`${tag} ${phase} ${fields["vmId"] ?? ""}`),
    });
    expect(phases).toEqual(["run create ", `run start ${vmId}`, `run execute ${vmId}`]);
  });

  test("aborting in the middle of a command leaves nothing", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const error = await failureOf(
      sdk().pyro.runInVm({
        command: "echo ready; sleep 1000 & setsid sleep 1000",
        timeoutSeconds: 900,
        signal: controller.signal,
        onStdout: () => controller.abort(reason),
      }),
    );
    expect(error).toMatchObject({ code: "cancelled", cause: reason });
    await expectNothingLeft(sdk().cli);
  });

  test("a callback that throws ends the command and leaves nothing", async () => {
    const boom = new Error("boom");
    const error = await failureOf(
      sdk().pyro.runInVm({
        command: "yes",
        timeoutSeconds: 900,
        onStdout: () => {
          throw boom;
        },
      }),
    );
    expect(error).toMatchObject({ code: "cancelled", cause: boom });
    await expectNothingLeft(sdk().cli);
  });
});
