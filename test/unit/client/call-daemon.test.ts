// The client against a server that answers as a test wants, on the daemon's own socket.

import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { callDaemon } from "../../../src/client/call-daemon.js";
import { PyroError } from "../../../src/contract/errors.js";
import type { OperationEvent } from "../../../src/contract/events.js";
import { formatError, formatEvent, formatResult, MISMATCH_STATUS } from "../../../src/contract/wire.js";
import type { Settings } from "../../../src/platform/settings.js";
import { resolveStatePaths } from "../../../src/platform/state-paths.js";
import { makeSettings } from "../helpers/settings.js";

const PRUNED = { deleted_environment_dirs: [], count: 0, freed_bytes: 5 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<Settings> {
  const settings = await makeSettings();
  await mkdir(settings.runtimeDir, { recursive: true });
  const server = createServer(answer).listen(resolveStatePaths(settings).daemonSocket);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return settings;
}

test("the input goes out as one line, events come in their order, then the result", async () => {
  const bodies: string[] = [];
  const settings = await serve((request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on("end", () => {
      response.write(formatEvent({ type: "stdout", data: Buffer.from("a") }));
      response.write(formatEvent({ type: "stderr", data: Buffer.from("b") }));
      response.end(formatResult(PRUNED));
    });
  });
  const events: OperationEvent[] = [];
  const outcome = await callDaemon(
    settings,
    "env_prune",
    { line: "1\n2" },
    { onEvent: (event) => void events.push(event) },
  );
  expect(outcome).toEqual({ kind: "result", value: PRUNED });
  expect(bodies.join("")).toBe('{"line":"1\\n2"}\n');
  expect(events.map((event) => event.type)).toEqual(["stdout", "stderr"]);
});

test("the input's length is told when no stdin follows it, and only then", async () => {
  const lengths: unknown[] = [];
  const settings = await serve((request, response) => {
    lengths.push(request.headers["content-length"]);
    response.end(formatResult(PRUNED));
  });
  await callDaemon(settings, "env_prune", {}, {});
  await callDaemon(settings, "env_prune", {}, { stdin: Readable.from([Buffer.from("x")]) });
  expect(lengths).toEqual(["3", undefined]);
});

test("without a daemon there is no answer, and nothing is made", async () => {
  expect(await callDaemon(await makeSettings(), "env_prune", {}, {})).toEqual({ kind: "absent" });
});

describe("a failure", () => {
  test("of the operation arrives as it was thrown", async () => {
    const failure = new PyroError("conflict", "busy", { hint: "Wait." });
    const settings = await serve((_request, response) => response.end(formatError(failure)));
    await expect(callDaemon(settings, "env_prune", {}, {})).rejects.toMatchObject(failure.toReport());
  });

  test("of the daemon in the middle of a call is told as that", async () => {
    const settings = await serve((_request, response) => {
      response.write(formatEvent({ type: "stdout", data: Buffer.from("a") }), () => response.destroy());
    });
    await expect(callDaemon(settings, "env_prune", {}, {})).rejects.toMatchObject({
      code: "daemon_unavailable",
    });
  });

  test("a result that is not the operation's is an error, not a value", async () => {
    const settings = await serve((_request, response) => response.end(formatResult({ count: "many" })));
    await expect(callDaemon(settings, "env_prune", {}, {})).rejects.toThrow();
  });
});

test("an abort closes the call", async () => {
  const controller = new AbortController();
  let closed: Promise<unknown> = Promise.reject(new Error("nothing was called"));
  closed.catch(() => undefined);
  const settings = await serve((_request, response) => {
    closed = once(response, "close");
    controller.abort();
  });
  await expect(callDaemon(settings, "env_prune", {}, { signal: controller.signal })).rejects.toMatchObject({
    code: "cancelled",
  });
  await closed;
});

describe("a daemon of another kind", () => {
  const mismatch = (busyWith: string[]) => JSON.stringify({ version: "9.9.9", pid: 7, busy_with: busyWith });

  test("that is idle makes room: as if there were none", async () => {
    const settings = await serve((_request, response) =>
      response.writeHead(MISMATCH_STATUS).end(mismatch([])),
    );
    expect(await callDaemon(settings, "env_prune", {}, {})).toEqual({ kind: "absent" });
  });

  test("that is busy says with what", async () => {
    const settings = await serve((_request, response) =>
      response.writeHead(MISMATCH_STATUS).end(mismatch(["vm_run"])),
    );
    expect(await callDaemon(settings, "env_prune", {}, {})).toEqual({
      kind: "busy",
      version: "9.9.9",
      pid: 7,
      busyWith: ["vm_run"],
    });
  });
});

describe("stdin", () => {
  async function* send(...chunks: Uint8Array[]) {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }

  /** Begins with the answer, so that stdin is sent, and ends it when `until` says so. */
  function answerAfter(until: (request: IncomingMessage) => Promise<unknown>): Answer {
    return (request, response) => {
      response.flushHeaders();
      until(request).then(
        () => response.end(formatResult(PRUNED)),
        () => response.destroy(),
      );
    };
  }

  test("follows the input, every byte of it", async () => {
    const received: Buffer[] = [];
    const settings = await serve(
      answerAfter(async (request) => {
        request.on("data", (chunk: Buffer) => received.push(chunk));
        await once(request, "end");
      }),
    );
    const chunks = Array.from({ length: 64 }, (_, index) => Buffer.alloc(100_000, index));
    await callDaemon(settings, "env_prune", {}, { stdin: send(...chunks) });
    expect(Buffer.concat(received).equals(Buffer.concat([Buffer.from("{}\n"), ...chunks]))).toBe(true);
  });

  test("that fails ends the command's input, and neither the call nor this process", async () => {
    async function* fail() {
      yield await Promise.resolve(Buffer.from("some"));
      throw new Error("the source broke");
    }
    const settings = await serve(
      answerAfter(async (request) => {
        request.resume();
        await once(request, "end");
      }),
    );
    expect(await callDaemon(settings, "env_prune", {}, { stdin: fail() })).toMatchObject({ kind: "result" });
  });

  test("that nobody reads does not hold up the result, and the daemon's leaving harms nobody", async () => {
    const settings = await serve((_request, response) => {
      response.write(formatResult(PRUNED), () => response.destroy());
    });
    const endless = async function* () {
      for (;;) yield await Promise.resolve(Buffer.alloc(1024 * 1024));
    };
    expect(await callDaemon(settings, "env_prune", {}, { stdin: endless() })).toMatchObject({
      kind: "result",
    });
  });
});
