import { expect, test } from "vitest";
import { CallRegistry } from "../../../src/daemon/call-registry.js";

test("lists the calls that are being served, in their order", () => {
  const calls = new CallRegistry();
  const first = calls.begin("vm_run");
  const second = calls.begin("vm_run");
  calls.begin("doctor");
  calls.end(second);
  expect(calls.list().map((call) => call.operation)).toEqual(["vm_run", "doctor"]);
  expect(calls.list()[0]).toBe(first);
});

test("a list is of its moment", () => {
  const calls = new CallRegistry();
  const before = calls.list();
  calls.begin("doctor");
  expect(before).toEqual([]);
});

test("aborting one call leaves the others alone", () => {
  const calls = new CallRegistry();
  const [first, second] = [calls.begin("vm_run"), calls.begin("vm_run")];
  first.abort.abort();
  expect(second.abort.signal.aborted).toBe(false);
});

test("is idle for no time while a call runs, and from the end of the last one on", () => {
  const calls = new CallRegistry();
  const [first, second] = [calls.begin("vm_run"), calls.begin("vm_run")];
  calls.end(first);
  expect(calls.idleMs).toBe(0);
  const endedMs = performance.now();
  calls.end(second);
  expect(calls.idleMs).toBeGreaterThanOrEqual(0);
  expect(calls.idleMs).toBeLessThanOrEqual(performance.now() - endedMs);
});
