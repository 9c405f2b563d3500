// A guest that prints faster than anybody reads waits; the host's memory does not grow with its output.

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { makeGate } from "../helpers/gate.js";
import { playAgent } from "./played-agent.js";

const CHUNK_BYTES = 64 * 1024;
const MIB = 1024 * 1024;

/** An agent whose commands print `chunks` pieces as fast as they are taken, and count them. */
async function playPrinter(chunks: number) {
  const printed = { bytes: 0 };
  const { agent } = await playAgent({
    machine: { ping: () => ({ unixNanos: 0n }) },
    process: {
      exec: async function* () {
        for (let index = 0; index < chunks; index += 1) {
          printed.bytes += CHUNK_BYTES;
          yield await Promise.resolve({ message: { case: "stdout", value: Buffer.alloc(CHUNK_BYTES) } });
        }
        yield { message: { case: "exited", value: {} } };
      },
    },
  });
  return { agent, printed };
}

test("a guest runs ahead of its reader by a few MiB and no more, and loses nothing", async () => {
  const { agent, printed } = await playPrinter(256);
  let readBytes = 0;
  let mostAhead = 0;
  await agent.exec({ argv: ["yes"] }, async (_stream, chunk) => {
    if (readBytes === 0) {
      // Each round trip gives the agent time to print: without a bound, all of it.
      for (let round = 0; round < 200; round += 1) await agent.ping();
    }
    readBytes += chunk.length;
    mostAhead = Math.max(mostAhead, printed.bytes - readBytes);
  });
  expect(readBytes).toBe(256 * CHUNK_BYTES);
  expect(mostAhead).toBeGreaterThan(0);
  expect(mostAhead).toBeLessThan(4 * MIB);
});

describe("the guest's own timeout", () => {
  /** Time passes only when the test says so. The connection itself does not go by it. */
  function stopTime(): void {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
  }

  async function playSilence() {
    const started = makeGate();
    const { agent } = await playAgent({
      process: {
        exec: async function* () {
          yield { message: { case: "stdout", value: Buffer.from("x") } };
          started.open();
          await new Promise(() => undefined);
        },
      },
    });
    return { agent, started };
  }

  test("that the guest lets pass in silence ends the call", async () => {
    const { agent, started } = await playSilence();
    stopTime();
    const call = agent.exec({ argv: ["x"], timeoutMs: 1000 }, () => undefined);
    const ended = expect(call).rejects.toMatchObject({
      code: "guest_died",
      message: "the guest does not answer any more",
    });
    await started.opened;
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
  });

  test("does not count the time in which our own reader is busy", async () => {
    const { agent } = await playPrinter(1);
    const reading = makeGate();
    const gate = makeGate();
    stopTime();
    const call = agent.exec({ argv: ["x"], timeoutMs: 1000 }, () => {
      reading.open();
      return gate.opened;
    });
    await reading.opened;
    await vi.advanceTimersByTimeAsync(600_000);
    gate.open();
    expect(await call).toMatchObject({ exitCode: 0 });
  });
});
