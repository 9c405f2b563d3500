// The disk of a guest as a file of the host: made in a staging directory beside the output, which gets the output's
// name when it is whole, as an export of files does.

import { constants, open } from "node:fs/promises";
import path from "node:path";
import type { GuestAgent } from "../../guest/agent.js";
import { HeldDirectory } from "../export/held-directory.js";
import { judgeOutputPath, type OutputPath } from "../export/output-path.js";
import { placeOutput } from "../export/place-output.js";
import { makeStaging, NEW_NAME, type StagingJournal } from "../export/staging.js";
import { throughStaging } from "../export/through-staging.js";
import { makeImage } from "./make-image.js";

export interface DiskExportRequest {
  readonly agent: GuestAgent;
  /** Path of pyro-helper. */
  readonly program: string;
  /** Absolute path of the host. Its parent exists. */
  readonly outputPath: string;
  readonly protectedPaths: readonly string[];
  readonly journal: StagingJournal;
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface DiskExport {
  /** Of the image, holes included. */
  readonly sizeBytes: number;
  /** On the host's disk. */
  readonly bytesWritten: number;
}

const BLOCK_BYTES = 512;

/** Replaces nothing. Errors: those of judgeOutputPath and makeImage; `export_refused`. */
export async function exportDisk(request: DiskExportRequest): Promise<DiskExport> {
  const rules = { force: undefined, protectedPaths: request.protectedPaths };
  const output = await judgeOutputPath(request.outputPath, rules);
  return throughStaging(request.journal, output, (stagingPath) =>
    exportThrough(stagingPath, output, request),
  );
}

async function exportThrough(
  stagingPath: string,
  output: OutputPath,
  request: DiskExportRequest,
): Promise<DiskExport> {
  await using parent = await HeldDirectory.open(output.parentDir);
  await using staging = await makeStaging(stagingPath);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  await using image = await open(path.join(staging.path, NEW_NAME), flags, 0o644);
  const tar = counted(request.agent.archive(request.signal), request.onProgress);
  const sizeBytes = await makeImage(request.program, tar, image, output.given, request.signal);
  const { blocks } = await image.stat();
  request.signal.throwIfAborted();
  await placeOutput({ parentDir: parent.path, stagingDir: staging.path, output, artifactType: "file" });
  await parent.sync();
  return { sizeBytes, bytesWritten: blocks * BLOCK_BYTES };
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    onProgress(total);
    yield chunk;
  }
}
