// A guest that prints far more than its reader takes.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

const TOTAL_BYTES = 200 * 1024 * 1024;
/** What may be under way besides what the programs need anyway: far less than the output. */
const BUFFER_BYTES = 96 * 1024 * 1024;
const PAUSE_EVERY_BYTES = 4 * 1024 * 1024;
const PAUSE_MS = 50;
/** No output moves meanwhile: what could pile up has piled up. */
const STALL_MS = 5_000;

async function readResidentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(IDENTITIES)("a slow reader, as %s", (identity) => {
  const guests = useGuests(identity);

  test("gets every byte, and neither the CLI nor the daemon keeps them", async () => {
    const { pyro, environment } = guests();
    await guests().run(["true"]);
    const daemonPid = await pyro.daemonPid();
    if (daemonPid === undefined) throw new Error("no daemon");
    const daemonBefore = await readResidentBytes(daemonPid);
    const script = `i=0; while [ $i -lt 200 ]; do head -c 1048576 /dev/zero | tr '\\0' "$((i % 10))"; i=$((i+1)); done`;
    const child = pyro.start(["run", environment, "--timeout-seconds", "600", "--", "sh", "-c", script]);
    const { stdout, pid } = child;
    if (!stdout || pid === undefined) throw new Error("the CLI did not start");
    child.stderr?.resume();
    const closed = once(child, "close");
    const digest = createHash("sha256");
    let received = 0;
    let sinceLastPause = 0;
    let cliPeak = 0;
    let daemonPeak = 0;
    const look = async () => {
      cliPeak = Math.max(cliPeak, await readResidentBytes(pid));
      daemonPeak = Math.max(daemonPeak, await readResidentBytes(daemonPid));
    };
    await once(stdout, "readable");
    await pause(STALL_MS);
    await look();
    for await (const chunk of stdout) {
      if (!Buffer.isBuffer(chunk)) throw new Error("not bytes");
      digest.update(chunk);
      received += chunk.length;
      sinceLastPause += chunk.length;
      if (sinceLastPause < PAUSE_EVERY_BYTES) continue;
      sinceLastPause = 0;
      await look();
      await pause(PAUSE_MS);
    }
    await closed;
    const expected = createHash("sha256");
    for (let index = 0; index < 200; index++) expected.update(Buffer.alloc(1024 * 1024, String(index % 10)));
    expect({ received, status: child.exitCode }).toEqual({ received: TOTAL_BYTES, status: 0 });
    expect(digest.digest("hex")).toBe(expected.digest("hex"));
    console.log(`CLI peak ${cliPeak >> 20} MiB, daemon ${daemonBefore >> 20} → ${daemonPeak >> 20} MiB`);
    expect(daemonPeak - daemonBefore).toBeLessThan(BUFFER_BYTES);
    // Node itself takes about 80 MiB.
    expect(cliPeak).toBeLessThan(2 * BUFFER_BYTES);
  });
});
