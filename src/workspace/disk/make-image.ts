// An ext4 image of a guest's tar: `pyro-helper ext4`, which gets the open file and knows no path of the host.

import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { z } from "zod";
import { PyroError } from "../../contract/errors.js";
import { runProcess } from "../../platform/processes.js";

const Report = z.object({
  size_bytes: z.number().optional(),
  code: z.enum(["too_large", "out_of_disk", "failed"]).optional(),
  error: z.string().optional(),
});

/** Returns the size of the image, holes included. Fails as the source of the tar does, with `out_of_disk` or `conflict`. */
export async function makeImage(
  program: string,
  tar: AsyncGenerator<Uint8Array>,
  image: FileHandle,
  given: string,
  signal: AbortSignal,
): Promise<number> {
  const broken = new AbortController();
  const stdin = Readable.from(untilBroken(tar, broken), { objectMode: true });
  // `broken` tells of it; an error event that nobody hears would end the daemon.
  stdin.on("error", () => undefined);
  const run = runProcess([program, "ext4"], {
    stdin,
    stdio: ["pipe", "pipe", "pipe", image.fd],
    signal: AbortSignal.any([signal, broken.signal]),
  });
  const { stdout, stderr } = await run.finally(() => stdin.destroy());
  const report = parseReport(stdout);
  if (report?.size_bytes !== undefined) return report.size_bytes;
  const reason = report?.error ?? (stderr.slice(-200) || "it ended without a word");
  if (report?.code === "out_of_disk") throw new PyroError("out_of_disk", `no space left for ${given}`);
  if (report?.code === "too_large") throw new PyroError("conflict", `the disk cannot be exported: ${reason}`);
  throw new PyroError("internal", `the disk's image could not be made: ${reason}`);
}

/** A tar that breaks off must not look like one that ends. */
async function* untilBroken(
  tar: AsyncIterable<Uint8Array>,
  broken: AbortController,
): AsyncGenerator<Uint8Array> {
  try {
    yield* tar;
  } catch (error) {
    broken.abort(error);
    throw error;
  }
}

function parseReport(line: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
