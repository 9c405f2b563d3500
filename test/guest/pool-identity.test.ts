// Thirty guests at once, one of them from the pool: who they are, what is random in them, and what time it is.

import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/client/client.js";
import { daemonStatus } from "../helpers/connected-client.js";
import { awaitParked } from "../helpers/parked-guests.js";
import { useClient } from "../helpers/use-client.js";

const GUESTS = 30;
/** Each beside what the host's own would be. */
const PROGRAM = `
import json, os, socket, time
def read(path):
    with open(path) as file: return file.read().strip()
with open("/dev/urandom", "rb") as file: device = file.read(32).hex()
print(json.dumps({
    "device": device,
    "getrandom": os.getrandom(32).hex(),
    "machineId": read("/etc/machine-id"),
    "bootId": read("/proc/sys/kernel/random/boot_id"),
    "hostname": socket.gethostname(),
    "hostnameFile": read("/etc/hostname"),
    "unixSeconds": time.time(),
}))
`;

const Identity = z.object({
  device: z.string().regex(/^[0-9a-f]{64}$/),
  getrandom: z.string().regex(/^[0-9a-f]{64}$/),
  machineId: z.string().regex(/^[0-9a-f]{32}$/),
  bootId: z.string().regex(/^[0-9a-f-]{36}$/),
  hostname: z.string().regex(/^pyro-[0-9a-f]{12}$/),
  hostnameFile: z.string(),
  unixSeconds: z.number(),
});
type Identity = z.infer<typeof Identity>;

/** Its clock is compared with the host's before and after the call. */
async function ask(client: Client): Promise<Identity> {
  const before = Date.now() / 1000;
  const { stdout, stderr } = await client.invoke("vm_run", {
    environment: "debian:12",
    command: ["python3", "-c", PROGRAM],
    timeout_seconds: 300,
  });
  const after = Date.now() / 1000;
  expect(stderr).toBe("");
  const identity = Identity.parse(JSON.parse(stdout));
  expect(identity.unixSeconds).toBeGreaterThan(before - 1);
  expect(identity.unixSeconds).toBeLessThan(after + 1);
  expect(identity.hostname).toBe(identity.hostnameFile);
  return identity;
}

describe("guests, parked and fresh", () => {
  const connected = useClient({ PYRO_POOL: "1", PYRO_MAX_ACTIVE_VMS: "40" });

  test("30 at once all answer, and share nothing that is random or unique, not with the host either", async () => {
    const { client } = connected();
    const first = await ask(client);
    await awaitParked(client);
    const many = await Promise.all(Array.from({ length: GUESTS }, () => ask(client)));
    await awaitParked(client);
    const last = await ask(client);
    const { hits, misses } = (await daemonStatus(client)).pool;
    expect(hits).toBeGreaterThanOrEqual(2);
    expect(hits + misses).toBe(GUESTS + 2);

    const all = [first, ...many, last];
    const host = {
      machineId: (await readFile("/etc/machine-id", "utf8").catch(() => "")).trim(),
      bootId: (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim(),
      hostname: hostname(),
    };
    for (const key of ["machineId", "bootId", "hostname"] as const) {
      expect(new Set([host[key], ...all.map((each) => each[key])]).size, key).toBe(all.length + 1);
    }
    // Both ways to a random number draw on one source.
    expect(new Set(all.flatMap(({ device, getrandom }) => [device, getrandom])).size).toBe(2 * all.length);
  });
});
