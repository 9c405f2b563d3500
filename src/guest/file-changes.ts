// The changes of an apply on their way to the guest: many small ones in one message, content as it comes.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { PyroError } from "../contract/errors.js";
import type { FileChange } from "./files.js";
import { encodePath } from "./file-path.js";
import type { ApplyRequestSchema, ApplyStepSchema } from "./gen/agent/v1/agent_pb.js";

type Step = MessageInitShape<typeof ApplyStepSchema>;

/** Of content and names in one message; with one more step it stays far below the agent's limit of 4 MiB. */
const MESSAGE_BYTES = 256 * 1024;
const PIECE_BYTES = 128 * 1024;
/** What a step takes besides content and names. */
const STEP_BYTES = 64;

type Changes = Iterable<FileChange> | AsyncIterable<FileChange>;

export async function* applyMessages(
  root: string,
  changes: Changes,
): AsyncGenerator<MessageInitShape<typeof ApplyRequestSchema>> {
  let steps: Step[] = [];
  let bytes = 0;
  for await (const { step, sizeBytes } of sizedSteps(root, changes)) {
    steps.push(step);
    bytes += sizeBytes + STEP_BYTES;
    if (bytes < MESSAGE_BYTES) continue;
    yield { steps };
    steps = [];
    bytes = 0;
  }
  yield { steps };
}

interface SizedStep {
  readonly step: Step;
  readonly sizeBytes: number;
}

async function* sizedSteps(root: string, changes: Changes): AsyncGenerator<SizedStep> {
  yield { step: { step: { case: "start", value: { root } } }, sizeBytes: root.length };
  for await (const change of changes) {
    yield { step: stepOf(change), sizeBytes: nameBytes(change) };
    if (change.kind === "write_file") yield* contentSteps(change);
  }
  yield { step: { step: { case: "commit", value: {} } }, sizeBytes: 0 };
}

async function* contentSteps(change: FileChange & { kind: "write_file" }): AsyncGenerator<SizedStep> {
  for await (const { offset, bytes } of change.content) {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      const piece = Uint8Array.from(bytes.subarray(start, start + PIECE_BYTES));
      const value = { offset: BigInt(offset + start), bytes: piece };
      yield { step: { step: { case: "data", value } }, sizeBytes: piece.length };
    }
  }
}

function nameBytes(change: FileChange): number {
  switch (change.kind) {
    case "make_symlink":
      return change.path.length + change.target.length;
    case "make_hard_link":
      return change.path.length + change.existingPath.length;
    default:
      return change.path.length;
  }
}

function stepOf(change: FileChange): Step {
  const path = encodePath(change.path);
  switch (change.kind) {
    case "write_file": {
      const { sizeBytes, mode = 0, mtimeNs = 0n, expectedSha256, mustNotExist = false } = change;
      const value = {
        path,
        size: BigInt(sizeBytes),
        mode,
        mtimeNs,
        expectedSha256: encodeDigest(expectedSha256),
        mustNotExist,
      };
      return { step: { case: "writeFile", value } };
    }
    case "make_directory":
      return { step: { case: "makeDirectory", value: { path, mode: change.mode ?? 0 } } };
    case "make_symlink":
      return { step: { case: "makeSymlink", value: { path, target: encodePath(change.target) } } };
    case "make_hard_link":
      return {
        step: { case: "makeHardLink", value: { path, existingPath: encodePath(change.existingPath) } },
      };
    case "remove": {
      const { expectedSha256, onlyEmptyDirectory = false } = change;
      const value = { path, expectedSha256: encodeDigest(expectedSha256), onlyEmptyDirectory };
      return { step: { case: "remove", value } };
    }
    case "set_mode":
      return { step: { case: "setMode", value: { path, mode: change.mode } } };
  }
}

function encodeDigest(sha256: string | undefined): Uint8Array<ArrayBuffer> {
  if (sha256 === undefined) return new Uint8Array();
  // Decoded as it comes, a digest that is none could become an empty one: no condition at all.
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new PyroError("internal", "a digest has 64 hexadecimal digits");
  return Uint8Array.from(Buffer.from(sha256, "hex"));
}
