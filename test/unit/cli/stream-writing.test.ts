import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { PyroError } from "../../../src/contract/errors.js";
import { flushStream, watchWrites, writeAll } from "../../../src/cli/stream-writing.js";
import { CapturedStream } from "../helpers/captured-stream.js";

const BROKEN = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });

async function isPending(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<"later">((resolve) => setImmediate(() => resolve("later")));
  return (await Promise.race([promise, later])) === "later";
}

describe("writeAll", () => {
  test("waits while the reader is slower, and goes on when it has caught up", async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const writing = writeAll(stream, "more than ten bytes");
    expect(await isPending(writing)).toBe(true);
    stream.resume();
    await writing;
  });

  test("leaves no listener behind, however often it waits", async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => void setImmediate(done) });
    const listListeners = () => stream.eventNames().map((event) => [event, stream.listenerCount(event)]);
    const before = listListeners();
    for (let round = 0; round < 20; round += 1) await writeAll(stream, Buffer.alloc(100_000));
    expect(listListeners()).toEqual(before);
  });

  test("stops waiting for a reader that has gone away", async () => {
    const stream = new Writable({ highWaterMark: 1, write: () => undefined });
    watchWrites(stream, () => undefined);
    const writing = writeAll(stream, "never read");
    stream.destroy(BROKEN);
    await writing;
    await writeAll(stream, "neither");
  });

  test("writes nothing of nothing", async () => {
    const stream = new CapturedStream();
    await writeAll(stream, "");
    await writeAll(stream, new Uint8Array());
    expect(stream.bytes.length).toBe(0);
  });
});

describe("watchWrites", () => {
  function failWith(error: Error): Promise<PyroError> {
    const stream = new PassThrough();
    const failure = new Promise<PyroError>((resolve) => watchWrites(stream, resolve));
    stream.destroy(error);
    return failure;
  }

  test("a reader that went away cancels", async () => {
    expect((await failWith(BROKEN)).code).toBe("cancelled");
  });

  test("a full disk is an error of its own: what is lost must not pass for written", async () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const { code, message } = await failWith(full);
    expect(code).toBe("out_of_disk");
    expect(message).toContain("no space left on device");
  });
});

test("flushStream resolves when what was written before has been taken, or never will be", async () => {
  const taken: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      setImmediate(() => {
        taken.push(chunk.toString());
        done();
      });
    },
  });
  stream.write("a");
  stream.write("b");
  await flushStream(stream);
  expect(taken.slice(0, 2)).toEqual(["a", "b"]);
  stream.destroy();
  await flushStream(stream);
});
