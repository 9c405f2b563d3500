// One call of the SDK against a server that answers as a test wants.

import { getEventListeners, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { formatError, formatEvent, formatResult } from "../../../src/contract/wire.js";
import type { ResultOf } from "../../../src/operations/registry.js";
import { call } from "../../../src/sdk/call.js";
import { failureOf } from "../../helpers/failure-of.js";
import { serve } from "./fake-daemon.js";

const RAN: ResultOf<"vm_run"> = {
  vm_id: "vm_aaaaaaaaaaaa",
  environment: "debian:12",
  environment_version: "1",
  command: "true",
  stdout: "",
  stderr: "",
  stdout_truncated: false,
  stderr_truncated: false,
  exit_code: 0,
  timed_out: false,
  timeout_seconds: 30,
  signal: null,
  duration_ms: 1,
  execution_mode: "guest",
  engine: { name: "gvisor", platform: "systrap", security_boundary: true },
  cleanup: { vm_id: "vm_aaaaaaaaaaaa", deleted: true, reason: "post_exec_cleanup" },
};

async function readAll(request: IncomingMessage): Promise<string> {
  return (await request.setEncoding("utf8").toArray()).join("");
}

test("options go out with the operation's names, without those of the call; the result comes back renamed", async () => {
  let body = "";
  const { client } = await serve((request, response) => {
    void readAll(request).then((text) => {
      body = text;
      response.end(formatResult(RAN));
    });
  });
  const { signal } = new AbortController();
  const result = await call(client, "vm_run", {
    command: ["a_b"],
    memMib: 512,
    timeoutSeconds: undefined,
    signal,
  });
  expect(JSON.parse(body)).toEqual({ command: ["a_b"], mem_mib: 512 });
  expect(result).toMatchObject({ vmId: RAN.vm_id, exitCode: 0, engine: { securityBoundary: true } });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test.each([
  ["a string", "é1", "é1"],
  ["bytes", new TextEncoder().encode("é2"), "é2"],
  [
    "chunks",
    (async function* () {
      yield new TextEncoder().encode("a");
      await sleep(5);
      yield new TextEncoder().encode("b");
    })(),
    "ab",
  ],
  ["nothing", "", ""],
])("stdin as %s arrives behind the input", async (_, stdin, expected) => {
  const { client } = await serve((request, response) => {
    response.flushHeaders();
    void readAll(request).then((text) => response.end(formatResult({ ...RAN, stdout: text.split("\n")[1] })));
  });
  expect(await call(client, "vm_run", { command: "cat", stdin })).toMatchObject({ stdout: expected });
});

test("events reach their callbacks one after the other, each awaited", async () => {
  const { client } = await serve((_, response) => {
    response.write(formatEvent({ type: "progress", tag: "run", fields: { phase: "start", vm_id: "vm_a" } }));
    response.write(formatEvent({ type: "stdout", data: Buffer.from("out") }));
    response.write(formatEvent({ type: "stderr", data: Buffer.from("err") }));
    response.end(formatResult(RAN));
  });
  const seen: unknown[] = [];
  let running = 0;
  const see = async (what: unknown) => {
    expect(++running).toBe(1);
    await sleep(10);
    seen.push(what);
    running--;
  };
  await call(client, "vm_run", {
    command: "true",
    onStdout: (chunk) => see(["stdout", Buffer.from(chunk).toString()]),
    onStderr: (chunk) => see(["stderr", Buffer.from(chunk).toString()]),
    onProgress: see,
  });
  expect(seen).toEqual([
    { tag: "run", phase: "start", fields: { vmId: "vm_a" } },
    ["stdout", "out"],
    ["stderr", "err"],
  ]);
});

describe("cancellation", () => {
  test("a signal that has aborted makes no connection", async () => {
    const { client } = await serve(() => {
      throw new Error("there was a connection");
    });
    const reason = new Error("too late");
    const error = await failureOf(call(client, "env_prune", { signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ code: "cancelled", cause: reason });
  });

  test("aborting rejects at once, with the reason as its cause, and hangs up", async () => {
    const controller = new AbortController();
    const { client, hungUp } = await serve((_, response) => {
      response.flushHeaders();
      controller.abort("enough");
    });
    const error = await failureOf(call(client, "env_prune", { signal: controller.signal }));
    expect(error).toMatchObject({ code: "cancelled", cause: "enough" });
    await hungUp;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("aborting rejects also while a callback never returns", async () => {
    const controller = new AbortController();
    const { client } = await serve((_, response) => {
      response.write(formatEvent({ type: "stdout", data: Buffer.from("x") }));
    });
    const onStdout = () => {
      setImmediate(() => controller.abort());
      return new Promise<void>(() => undefined);
    };
    const { signal } = controller;
    expect(await failureOf(call(client, "vm_run", { command: "true", onStdout, signal }))).toMatchObject({
      code: "cancelled",
    });
  });

  test("one signal serves many calls at once, without a warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const { client } = await serve((_, response) => response.flushHeaders());
    const controller = new AbortController();
    const { signal } = controller;
    const calls = Array.from({ length: 20 }, () => failureOf(call(client, "env_prune", { signal })));
    await sleep(50);
    controller.abort();
    for (const error of await Promise.all(calls)) expect(error.code).toBe("cancelled");
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("a timeout's signal cancels too, and its cause says that it was one", async () => {
    const { client } = await serve((_, response) => response.flushHeaders());
    const error = await failureOf(call(client, "env_prune", { signal: AbortSignal.timeout(20) }));
    expect(error.code).toBe("cancelled");
    expect(error.cause).toMatchObject({ name: "TimeoutError" });
  });
});

describe("what the caller's own code throws ends the call, and is the cause", () => {
  const boom = new Error("boom");

  test.each([
    [
      "throws",
      () => {
        throw boom;
      },
    ],
    ["rejects", () => Promise.reject(boom)],
  ])("a callback that %s", async (_, onStdout) => {
    const { client, hungUp } = await serve((_, response) => {
      response.write(formatEvent({ type: "stdout", data: Buffer.from("x") }));
    });
    const error = await failureOf(call(client, "vm_run", { command: "yes", onStdout }));
    expect(error).toMatchObject({ code: "cancelled", cause: boom });
    expect(error.message).toBe("the call was cancelled: onStdout failed: boom");
    await hungUp;
  });

  test("after it failed no callback is called again", async () => {
    const { client } = await serve((_, response) => {
      response.end(formatEvent({ type: "stdout", data: Buffer.from("x") }).repeat(5) + formatResult(RAN));
    });
    let calls = 0;
    const onStdout = () => {
      calls++;
      throw boom;
    };
    await failureOf(call(client, "vm_run", { command: "yes", onStdout }));
    await sleep(20);
    expect(calls).toBe(1);
  });

  test("a stdin that fails: the command does not take a part for the whole", async () => {
    let received: Promise<unknown> | undefined;
    const { client } = await serve((request, response) => {
      response.flushHeaders();
      received = Promise.race([
        once(request, "end").then(() => "ended"),
        once(response, "close").then(() => "cut"),
      ]);
      request.on("error", () => undefined).resume();
    });
    async function* source() {
      yield new TextEncoder().encode("half");
      await sleep(5);
      throw boom;
    }
    const error = await failureOf(call(client, "vm_run", { command: "cat", stdin: source() }));
    expect(error).toMatchObject({ code: "cancelled", cause: boom });
    expect(await received).toBe("cut");
  });
});

describe("failures", () => {
  test("of the operation arrive as they were thrown", async () => {
    const { client } = await serve((_, response) => {
      response.end(
        formatError(new PyroError("vm_limit_reached", "full", { hint: "stop one", details: { a_b: 1 } })),
      );
    });
    const error = await failureOf(call(client, "vm_run", { command: "true" }));
    expect(error.toReport()).toEqual({
      code: "vm_limit_reached",
      message: "full",
      hint: "stop one",
      details: { a_b: 1 },
    });
  });

  test("an input out of range is named as the SDK names it", async () => {
    const { client } = await serve((_, response) => {
      const details = { issues: [{ path: "mem_mib", message: "a whole number" }] };
      response.end(
        formatError(new PyroError("invalid_input", "mem_mib: 1 is not valid: a whole number", { details })),
      );
    });
    const error = await failureOf(call(client, "vm_run", { command: "true", memMib: 1 }));
    expect(error.message).toBe("memMib: 1 is not valid: a whole number");
    expect(error.details).toEqual({ issues: [{ path: "memMib", message: "a whole number" }] });
    expect(error.hint).not.toContain("--help");
  });

  test("an option that is none never leaves", async () => {
    const { client } = await serve(() => {
      throw new Error("there was a connection");
    });
    const options = { command: "true", mem_mib: 512 };
    expect(await failureOf(call(client, "vm_run", options))).toMatchObject({ code: "invalid_input" });
  });

  test("a lost connection is one, too", async () => {
    const { client } = await serve((_, response) => {
      response.flushHeaders();
      setTimeout(() => response.destroy(), 10);
    });
    expect(await failureOf(call(client, "env_prune", {}))).toMatchObject({ code: "daemon_unavailable" });
  });

  test("what is no answer is a PyroError all the same", async () => {
    const { client } = await serve((_, response) => response.end("{nonsense\n"));
    expect(await failureOf(call(client, "env_prune", {}))).toMatchObject({ code: "internal" });
  });
});
