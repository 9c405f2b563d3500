import { describe, expect, test } from "vitest";
import { unlessAborted } from "../../../src/platform/unless-aborted.js";
import { makeGate } from "../helpers/gate.js";

describe("what knows no signal", () => {
  test("is waited for, and its end is what it was", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve("done"), undefined)).toBe("done");
    expect(await unlessAborted(Promise.resolve("done"), signal)).toBe("done");
    const failure = new Error("no luck");
    await expect(unlessAborted(Promise.reject(failure), signal)).rejects.toBe(failure);
  });

  test("is not waited for any more when the signal aborts, nor begun with when it has", async () => {
    const reason = new Error("enough");
    const cancel = new AbortController();
    const { opened } = makeGate();
    const waiting = unlessAborted(opened, cancel.signal);
    cancel.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(unlessAborted(opened, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
