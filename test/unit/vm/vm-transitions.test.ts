import { describe, expect, test } from "vitest";
import { newVmId, type VmRecord, type VmState } from "../../../src/vm/vm-record.js";
import { nextState, type VmAct } from "../../../src/vm/vm-transitions.js";

function makeRecord(state: VmState): VmRecord {
  return {
    vmId: newVmId(),
    environment: "debian:12",
    environmentVersion: "0.1.0",
    rootfsDir: "/e/rootfs",
    vcpuCount: 1,
    memMib: 1024,
    ttlSeconds: 600,
    createdAt: 0,
    state,
    allowHostCompat: false,
    network: false,
  };
}

const TABLE: readonly (readonly [VmState, VmAct, VmState | "same" | "conflict"])[] = [
  ["created", "start", "started"],
  ["created", "exec", "started"],
  ["created", "stop", "stopped"],
  ["started", "start", "same"],
  ["started", "exec", "same"],
  ["started", "stop", "stopped"],
  ["stopped", "start", "conflict"],
  ["stopped", "exec", "conflict"],
  ["stopped", "stop", "same"],
];

describe("nextState", () => {
  test.each(TABLE)("%s, %s: %s", (state, act, outcome) => {
    const record = makeRecord(state);
    if (outcome !== "conflict") expect(nextState(record, act)).toBe(outcome);
    else expect(() => nextState(record, act)).toThrow(`cannot ${act} ${record.vmId}: it is ${state}`);
  });
});
