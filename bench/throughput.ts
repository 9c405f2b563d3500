// How fast bytes go.

import { timeMs } from "../src/bench/sample.js";

const BLOCK_BYTES = 64 * 1024;
const BLOCKS = 4096;

/** What a throughput scenario moves: 256 MiB. */
export const VOLUME_BYTES = BLOCK_BYTES * BLOCKS;

/** Writes that many zeros in blocks of 1 MiB. `head -c` would write 8 KiB at a time, and measure the guest's system calls. */
export const PRODUCE_IN_GUEST = ["dd", "if=/dev/zero", "bs=1M", `count=${VOLUME_BYTES / (1024 * 1024)}`];

/** MB/s, a million bytes each, at which `act` moves VOLUME_BYTES. */
export async function measureThroughput(act: () => Promise<unknown>): Promise<number> {
  return VOLUME_BYTES / 1e6 / ((await timeMs(act)) / 1000);
}

/** VOLUME_BYTES of zeros. */
export async function* produceVolume(): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let count = 0; count < BLOCKS; count++) yield await Promise.resolve(block);
}
