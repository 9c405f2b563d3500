// What a guest can do to the host through its agent's connection: lie, flood, stall, hang up.

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { describe, expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import type { GuestAgent } from "../../../src/guest/agent.js";
import { ExecResponseSchema } from "../../../src/guest/gen/agent/v1/agent_pb.js";
import { COMPRESSED, END_OF_STREAM, envelope, playAgent, playGuest, playStreams } from "./played-agent.js";

const MIB = 1024 * 1024;
const END = envelope(END_OF_STREAM, Buffer.from("{}"));

function encodeStdout(data: Uint8Array): Uint8Array {
  return toBinary(
    ExecResponseSchema,
    create(ExecResponseSchema, { message: { case: "stdout", value: data } }),
  );
}

/** An agent that answers a ping well, and a command with whatever a test writes. */
function playExec(answer: (stream: ServerHttp2Stream) => void, more: OutgoingHttpHeaders = {}) {
  return playStreams((stream, headers) => {
    stream.resume();
    const isPing = headers[":path"]?.endsWith("/Ping") === true;
    stream.respond({ ":status": 200, "content-type": headers["content-type"], ...more });
    if (isPing) stream.end();
    else answer(stream);
  });
}

const exec = (agent: GuestAgent) => agent.exec({ argv: ["x"] }, () => undefined);

describe("a command without a result is no success:", () => {
  test("the stream ends without `exited`", async () => {
    const { agent } = await playExec((stream) =>
      stream.end(Buffer.concat([envelope(0, new Uint8Array()), END])),
    );
    await expect(exec(agent)).rejects.toMatchObject({
      code: "guest_died",
      message: "the guest ended the command without a result",
    });
  });

  test("the stream stops without an end, in the middle of a message, or is reset", async () => {
    const endings: ((stream: ServerHttp2Stream) => void)[] = [
      (stream) => stream.end(),
      (stream) => stream.end(envelope(0, encodeStdout(Buffer.from("half"))).subarray(0, 7)),
      (stream) => stream.close(2),
    ];
    for (const ending of endings) {
      const { agent } = await playExec(ending);
      await expect(exec(agent)).rejects.toMatchObject({ code: "guest_died" });
    }
  });

  test("the connection is closed in the middle of it; what came before was handed on", async () => {
    const seen: string[] = [];
    const { agent, guestEnd } = await playAgent({
      process: {
        exec: async function* () {
          yield { message: { case: "stdout", value: Buffer.from("before") } };
          await new Promise(() => undefined);
        },
      },
    });
    const call = agent.exec({ argv: ["x"] }, (_stream, chunk) => {
      seen.push(Buffer.from(chunk).toString());
      guestEnd.destroy();
    });
    await expect(call).rejects.toMatchObject({ code: "guest_died" });
    expect(seen).toEqual(["before"]);
  });
});

describe("more than 4 MiB in one message is refused:", () => {
  async function expectRefused(agent: GuestAgent): Promise<void> {
    await expect(exec(agent)).rejects.toMatchObject({ code: "guest_died" });
    // The refusal costs the call, not the connection.
    expect(await agent.ping()).toBe(0);
  }

  test("output that is really there", async () => {
    const message = envelope(0, encodeStdout(Buffer.alloc(4 * MIB + 1)));
    const { agent } = await playExec((stream) => stream.end(Buffer.concat([message, END])));
    await expectRefused(agent);
  });

  test("output that is only announced: nothing waits for it", async () => {
    const { agent } = await playExec((stream) => void stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff])));
    await expectRefused(agent);
  });

  test.each([10, 64 * MIB])(
    "compressed output, %d bytes of it: the agent compresses nothing",
    async (sizeBytes) => {
      const message = envelope(COMPRESSED, gzipSync(encodeStdout(Buffer.alloc(sizeBytes))));
      const { agent } = await playExec((stream) => stream.end(Buffer.concat([message, END])), {
        "connect-content-encoding": "gzip",
      });
      await expectRefused(agent);
    },
  );

  test.each([200, 400])("an answer of status %d that never ends", async (status) => {
    const { agent } = await playStreams((stream) => {
      stream.respond({
        ":status": status,
        "content-type": status === 200 ? "application/proto" : "application/json",
      });
      const flood = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(64 * 1024, "x")));
        stream.once("drain", flood);
      };
      flood();
    });
    await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
  });
});

describe("what is no protocol at all ends in an error of the call:", () => {
  test.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["HTTP/1.1", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"],
    ["zeros", Buffer.alloc(100_000)],
    ["random bytes", randomBytes(100_000)],
  ])("%s on the socket", async (_, bytes) => {
    const { agent } = await playGuest((guestEnd) => {
      guestEnd.resume();
      guestEnd.write(bytes);
    });
    await expect(agent.hello(undefined)).rejects.toMatchObject({ code: "guest_died" });
    await agent.closed;
  });

  test.each([
    ["an unknown path", { ":status": 404 }],
    ["no content type", { ":status": 200 }],
    ["a page", { ":status": 200, "content-type": "text/html" }],
    ["a redirection", { ":status": 302, location: "http://169.254.169.254/" }],
  ])("%s", async (_, headers) => {
    const { agent } = await playStreams((stream) => {
      stream.respond(headers);
      stream.end("x");
    });
    await expect(agent.ping()).rejects.toMatchObject({ code: "guest_died" });
    await expect(exec(agent)).rejects.toMatchObject({ code: "guest_died" });
  });

  test("whatever bytes stand where a message belongs", async () => {
    let body: Uint8Array = new Uint8Array();
    const { agent } = await playStreams((stream, headers) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": headers["content-type"] });
      stream.end(body);
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        body = bytes;
        const clock: unknown = await agent.ping().catch((error: unknown) => error);
        expect(clock instanceof PyroError ? clock.code : typeof clock).toMatch(/^(guest_died|number)$/);
        body = envelope(0, bytes);
        await expect(exec(agent)).rejects.toMatchObject({ code: "guest_died" });
      }),
      { numRuns: 50 },
    );
  });
});
