// Changes on their way to a guest: what is sent, and how it ends when one side does not go on.

import { setImmediate } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { FileChange, FilePiece } from "../../../src/guest/files.js";
import {
  FilesFailureSchema,
  type ApplyRequest,
  type ApplyStep,
} from "../../../src/guest/gen/agent/v1/agent_pb.js";
import { playAgent, playStreams } from "./played-agent.js";

const MIB = 1024 * 1024;

function write(
  path: string,
  content: Iterable<FilePiece> | AsyncIterable<FilePiece>,
  sizeBytes: number,
): FileChange {
  return { kind: "write_file", path, sizeBytes, content };
}

/** An agent that takes everything and answers with what it was sent. */
async function playTaking() {
  const steps: ApplyStep[] = [];
  const sizes: number[] = [];
  const { agent } = await playAgent({
    files: {
      apply: async (requests: AsyncIterable<ApplyRequest>) => {
        for await (const request of requests) {
          steps.push(...request.steps);
          sizes.push(
            request.steps.reduce(
              (sum, { step }) => sum + (step.case === "data" ? step.value.bytes.length : 0),
              0,
            ),
          );
        }
        return { createdCount: 1, replacedCount: 2, removedCount: 3, bytesWritten: 4n };
      },
    },
  });
  return { files: agent.files("/workspace"), steps, sizes };
}

/** Pieces without an end, each after a turn of the loop. */
async function* endless(seen: { count: number; left: boolean }): AsyncGenerator<FilePiece> {
  try {
    for (;;) {
      await setImmediate();
      yield { offset: seen.count++ * 100_000, bytes: Buffer.alloc(100_000) };
    }
  } finally {
    seen.left = true;
  }
}

describe("changes", () => {
  test("of every kind are sent between a start and a commit", async () => {
    const { files, steps } = await playTaking();
    const result = await files.apply([
      {
        kind: "write_file",
        path: "ü\xff",
        sizeBytes: 9,
        content: [{ offset: 7, bytes: Buffer.from("x") }],
        mode: 0o600,
        mtimeNs: 5n,
        expectedSha256: "ab".repeat(32),
      },
      { kind: "write_file", path: "new", sizeBytes: 0, content: [], mustNotExist: true },
      { kind: "make_directory", path: "d", mode: 0o700 },
      { kind: "make_symlink", path: "l", target: "\xfft" },
      { kind: "make_hard_link", path: "h", existingPath: "new" },
      { kind: "remove", path: "r", onlyEmptyDirectory: true },
      { kind: "set_mode", path: "m", mode: 0o4755 },
    ]);
    expect(result).toEqual({ createdCount: 1, replacedCount: 2, removedCount: 3, bytesWritten: 4 });
    expect(steps.map(({ step }) => step)).toMatchObject([
      { case: "start", value: { root: "/workspace" } },
      {
        case: "writeFile",
        value: {
          path: Uint8Array.of(0xfc, 0xff),
          size: 9n,
          mode: 0o600,
          mtimeNs: 5n,
          expectedSha256: new Uint8Array(32).fill(0xab),
        },
      },
      { case: "data", value: { offset: 7n, bytes: Uint8Array.of(0x78) } },
      {
        case: "writeFile",
        value: { mode: 0, mtimeNs: 0n, expectedSha256: new Uint8Array(), mustNotExist: true },
      },
      { case: "makeDirectory", value: { mode: 0o700 } },
      { case: "makeSymlink", value: { target: Uint8Array.of(0xff, 0x74) } },
      { case: "makeHardLink", value: { existingPath: Uint8Array.from(Buffer.from("new")) } },
      { case: "remove", value: { onlyEmptyDirectory: true } },
      { case: "setMode", value: { mode: 0o4755 } },
      { case: "commit" },
    ]);
  });

  test("that are small share messages, and large pieces are cut", async () => {
    const { files, sizes, steps } = await playTaking();
    const small = Array.from({ length: 1000 }, (_, index) =>
      write(`${index}`, [{ offset: 0, bytes: Buffer.alloc(100) }], 100),
    );
    await files.apply([...small, write("large", [{ offset: 0, bytes: Buffer.alloc(5 * MIB, 1) }], 5 * MIB)]);
    expect(sizes.length).toBeLessThan(40);
    expect(Math.max(...sizes)).toBeLessThan(MIB);
    const offsets = steps.flatMap(({ step }) =>
      step.case === "data" && step.value.bytes[0] === 1 ? [step.value] : [],
    );
    let end = 0n;
    for (const { offset, bytes } of offsets) {
      expect(offset).toBe(end);
      end += BigInt(bytes.length);
    }
    expect(end).toBe(BigInt(5 * MIB));
  });

  test("with a digest that is none are not sent at all", async () => {
    const { files, steps } = await playTaking();
    const change: FileChange = { kind: "remove", path: "x", expectedSha256: "" };
    await expect(files.apply([change])).rejects.toMatchObject({ code: "internal" });
    expect(steps.find(({ step }) => step.case === "commit")).toBeUndefined();
  });
});

describe("an apply ends", () => {
  test("with the agent's own error, while content without an end is sent, and lets go of the content", async () => {
    const { agent } = await playAgent({
      files: {
        apply: async (requests: AsyncIterable<ApplyRequest>) => {
          let count = 0;
          for await (const request of requests) {
            expect(request.steps.length).toBeGreaterThan(0);
            if (++count === 3) {
              const detail = {
                desc: FilesFailureSchema,
                value: { path: Buffer.from("big/ü"), diskFull: true },
              };
              throw new ConnectError('"big": the disk is full', Code.ResourceExhausted, undefined, [detail]);
            }
          }
          return {};
        },
      },
    });
    const seen = { count: 0, left: false };
    await expect(
      agent.files("/workspace").apply([write("big", endless(seen), 2 ** 50)]),
    ).rejects.toMatchObject({
      code: "out_of_disk",
      details: { path: "big/ü" },
    });
    await expect.poll(() => seen.left).toBe(true);
  });

  test("with the error of its content, which the agent sees as a stream that breaks", async () => {
    let seeCode: (code: number) => void = () => undefined;
    const rstCode = new Promise<number>((resolve) => (seeCode = resolve));
    const { agent } = await playStreams((stream) => {
      stream.resume();
      stream.once("close", () => seeCode(stream.rstCode));
    });
    const failure = new Error("the source is unreadable");
    async function* failing(): AsyncGenerator<FilePiece> {
      yield { offset: 0, bytes: Buffer.alloc(MIB) };
      await setImmediate();
      throw failure;
    }
    await expect(agent.files("/workspace").apply([write("x", failing(), 9 * MIB)])).rejects.toBe(failure);
    expect(await rstCode).not.toBe(0);
  });

  test("when it is cancelled, though its content is stuck and the agent silent", async () => {
    const controller = new AbortController();
    const { agent } = await playAgent({ files: { apply: () => new Promise(() => undefined) } });
    async function* stuck(): AsyncGenerator<FilePiece> {
      yield { offset: 0, bytes: Buffer.from("x") };
      controller.abort(new Error("enough"));
      await new Promise(() => undefined);
    }
    const applying = agent.files("/workspace").apply([write("x", stuck(), 9)], controller.signal);
    await expect(applying).rejects.toThrow("enough");
  });

  test("when the guest is gone", async () => {
    const { agent, guestEnd } = await playAgent({ files: { apply: () => new Promise(() => undefined) } });
    const seen = { count: 0, left: false };
    const applying = agent.files("/workspace").apply([write("x", endless(seen), 2 ** 50)]);
    await expect.poll(() => seen.count).toBeGreaterThan(0);
    guestEnd.destroy();
    await expect(applying).rejects.toMatchObject({ code: "guest_died" });
    await expect.poll(() => seen.left).toBe(true);
  });

  test("at once when the agent refuses its start", async () => {
    const { agent } = await playAgent({
      files: {
        apply: () => {
          throw new ConnectError("no such root", Code.NotFound);
        },
      },
    });
    await expect(agent.files("/nowhere").apply([])).rejects.toMatchObject({ code: "path_not_found" });
  });
});

test("content waits for an agent that does not take it", async () => {
  let go: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (go = resolve));
  const { agent } = await playAgent({
    files: {
      apply: async (requests: AsyncIterable<ApplyRequest>) => {
        await started;
        for await (const request of requests) expect(request).toBeDefined();
        return {};
      },
    },
  });
  let taken = 0;
  async function* counted(): AsyncGenerator<FilePiece> {
    for (; taken < 1000; taken++) {
      await setImmediate();
      yield { offset: taken * 100_000, bytes: Buffer.alloc(100_000) };
    }
  }
  const applying = agent.files("/workspace").apply([write("x", counted(), 100_000_000)]);
  let before = -1;
  // It stands still when two looks at it, with many turns of the loop between them, see the same.
  while (before !== taken || taken === 0) {
    before = taken;
    for (let turn = 0; turn < 2000; turn++) await setImmediate();
  }
  expect(taken).toBeLessThan(200);
  go();
  await applying;
  expect(taken).toBe(1000);
});
