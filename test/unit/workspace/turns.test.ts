// Acts that take turns.

import { expect, test } from "vitest";
import { Turns } from "../../../src/workspace/turns.js";

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test("acts run one after the other, in the order of the calls, also after one that fails", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const first = gate();
  const acts = [
    turns.take(async () => {
      await first.opened;
      done.push("first");
    }),
    turns.take(() => Promise.reject(new Error("second failed"))),
    turns.take(() => Promise.resolve(done.push("third"))),
  ];
  expect(done).toEqual([]);
  first.open();
  const settled = await Promise.allSettled(acts);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(done).toEqual(["first", "third"]);
});

test("whoever aborts while it waits is let go at once, and its act never runs", async () => {
  const turns = new Turns();
  const first = gate();
  const running = turns.take(() => first.opened);
  const abort = new AbortController();
  let ran = false;
  const waiting = turns.take(() => Promise.resolve((ran = true)), abort.signal);
  abort.abort(new Error("not any more"));
  await expect(waiting).rejects.toThrow("not any more");
  first.open();
  await running;
  await turns.take(() => Promise.resolve());
  expect(ran).toBe(false);
});

test("an act that runs is waited for, although its signal aborts", async () => {
  const turns = new Turns();
  const abort = new AbortController();
  const inside = gate();
  const running = turns.take(async () => {
    abort.abort();
    await inside.opened;
    return "done";
  }, abort.signal);
  inside.open();
  await expect(running).resolves.toBe("done");
});
