// Proves a guest's way out as far as the policy, in a guest that is thrown away. Nothing is sent beyond this host.

import { rm } from "node:fs/promises";
import { PyroError } from "../contract/errors.js";
import { MEM_MIB, VCPU_COUNT } from "../contract/limits.js";
import type { GuestOrigin } from "../fleet/guest-origin.js";
import type { GuestRegistry } from "../fleet/guest-registry.js";
import { formerRecordFile, readConnections } from "../network/connection-record.js";
import { newVmId } from "./vm-record.js";

const SIZE = { vcpuCount: VCPU_COUNT.default, memMib: MEM_MIB.default };
/** Where clouds hand out their secrets: forbidden to every guest, whatever is allowed. */
const FORBIDDEN = { address: "169.254.169.254", port: 80 } as const;
/** The agent's own: an image need not have a program that connects. */
const DIAL = ["/proc/1/exe", "--dial", `${FORBIDDEN.address}:${FORBIDDEN.port}`];
const COMMAND_TIMEOUT_MS = 15_000;

/** `recordFile` is its own, and gone afterwards. */
export async function proveNetwork(
  guests: GuestRegistry,
  { origin, recordFile }: { readonly origin: GuestOrigin; readonly recordFile: string },
  signal: AbortSignal,
): Promise<void> {
  const guest = await guests.start(newVmId(), { origin, size: SIZE, network: { recordFile } }, signal);
  try {
    const request = { argv: DIAL, timeoutMs: COMMAND_TIMEOUT_MS };
    const { exitCode } = await guest.machine.agent.exec(request, () => undefined, signal);
    if (exitCode === 0) throw unsound(`reached ${FORBIDDEN.address}, which no guest may`);
    // The host's own record, not the guest's word: the packets have come as far as the policy.
    if (await wasRefused(recordFile)) return;
    throw unsound("does not lead to the policy on the host");
  } finally {
    await guests.remove(guest);
    await rm(recordFile, { force: true });
    await rm(formerRecordFile(recordFile), { force: true });
  }
}

async function wasRefused(recordFile: string): Promise<boolean> {
  for await (const { address, port, verdict } of readConnections(recordFile)) {
    if (verdict === "refused" && address === FORBIDDEN.address && port === FORBIDDEN.port) return true;
  }
  return false;
}

function unsound(what: string): PyroError {
  return new PyroError("network_unavailable", `the trial guest's network ${what}`, {
    hint: "See `pyro daemon logs`. Guests without a network are not concerned.",
  });
}
