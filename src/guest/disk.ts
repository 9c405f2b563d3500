// A guest's whole root file system, as its agent archives it.

import type { Client } from "@connectrpc/connect";
import { wrongAnswer } from "./file-path.js";
import type { DiskService } from "./gen/agent/v1/disk_pb.js";
import { translateRpcError } from "./rpc-error.js";
import { SilenceLimit } from "./silence-limit.js";

/** A large file of the environment may have to be read first. */
const SILENCE_MS = 30_000;

/** The bytes of a tar, which is whole when this ends without an error. */
export async function* archiveDisk(
  client: Client<typeof DiskService>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const limit = new SilenceLimit(SILENCE_MS, signal);
  let isWhole = false;
  try {
    limit.wait();
    for await (const { message } of client.archive({}, { signal: limit.signal })) {
      limit.pause();
      if (isWhole) throw wrongAnswer("an archive that goes on after its end");
      if (message.case === "chunk") yield message.value;
      isWhole = message.case === "end";
      limit.wait();
    }
  } catch (error) {
    throw translateRpcError(error, limit.signal);
  } finally {
    limit.stop();
  }
  if (!isWhole) throw wrongAnswer("an archive without an end");
}
