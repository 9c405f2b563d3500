// A run that is expected to go wrong inside: how it ended, in bounded time, and that the next guest is well.

import { expect } from "vitest";
import type { Guests } from "./use-guests.js";

/** The next guest starts, and its environment is as it should be. */
export async function expectNextGuestWell(guests: Guests): Promise<void> {
  const script =
    "set -e; test -x /usr/bin/apt; test -s /etc/passwd; echo x > /root/x; perl -e 'print qq{well\\n}'";
  const { status, stdout, stderr } = await guests.sh(script);
  expect({ status, stdout: stdout.toString() }, stderr).toEqual({ status: 0, stdout: "well\n" });
}
