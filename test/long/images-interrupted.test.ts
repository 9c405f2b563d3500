// Pulls that are killed, cancelled, that wait, and that wait for each other.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { getDaemonPid } from "../helpers/daemon.js";
import { answer, during, hold, of } from "../helpers/images/faults.js";
import { FaultyPull, pushSample, SETTLE } from "../helpers/images/faulty-pull.js";
import { run } from "../helpers/images/make-images.js";
import type { PushedImage } from "../helpers/images/push-layers.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { mountTmpfs } from "../helpers/tmpfs.js";

const HELD_BYTES = 1_000_000;
/** The CLI's when Ctrl-C has ended it. */
const INTERRUPTED = 130;

const images = useImages(false);
let sample: PushedImage;
beforeAll(async () => {
  sample = await pushSample(images().registry);
});

/** Starts a pull and waits until a part of its large layer is on the disk, and all of the others. */
async function startHalfway(pull: FaultyPull): Promise<ChildProcess> {
  pull.proxy.break(hold(of(pull.large.digest), HELD_BYTES));
  const child = pull.pyro.start(["env", "pull", pull.reference]);
  const others = pull.blobs.reduce((sum, { size }) => sum + size, 0) - pull.large.size;
  await vi.waitFor(async () => expect(await pull.storedBytes()).toBe(others + HELD_BYTES), SETTLE);
  return child;
}

/** Resolves with all of stderr when a line of it matches. */
async function untilTold(child: ChildProcess, pattern: RegExp): Promise<string> {
  let told = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (pattern.test(told)) resolve(told);
    });
    child.once("close", () => reject(new Error(`ended without ${pattern.source}: ${told}`)));
  });
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return child.exitCode;
}

async function expectTheRest(pull: FaultyPull): Promise<void> {
  await pull.expectHelperGone();
  expect(await pull.storedBytes()).toBeGreaterThanOrEqual(HELD_BYTES);
  await pull.expectNextPullLoadsTheRest();
  const again = pull.proxy.requests("blob");
  expect(again.map(({ path: asked, range }) => [asked.includes(pull.large.digest), range])).toEqual([
    [true, `bytes=${HELD_BYTES}-${pull.large.size - 1}`],
  ]);
}

describe("a download that is ended half-way leaves what it has loaded, and the next pull asks for the rest only", () => {
  test("kill -9 of the daemon", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const child = await startHalfway(pull);
    process.kill(await getDaemonPid(pull.pyro), "SIGKILL");
    await end(child);
    await expectTheRest(pull);
  });

  test("kill -9 of the helper, which is said", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const child = await startHalfway(pull);
    const said = untilTold(child, /hint: .*\n/);
    const [helper = 0] = await pull.helpers();
    process.kill(helper, "SIGKILL");
    expect(await said).toMatch(
      /error: the program that works on images was killed \(SIGKILL\)\nhint: .*again/,
    );
    expect(await end(child)).toBe(1);
    await pull.expectNothingHalfMade();
    await expectTheRest(pull);
  });

  test.each(["SIGKILL", "SIGINT"] as const)("%s to the CLI ends the helper, too", async (signal) => {
    await using pull = await FaultyPull.open(images(), sample);
    const child = await startHalfway(pull);
    child.kill(signal);
    expect(await end(child)).toBe(signal === "SIGINT" ? INTERRUPTED : null);
    await pull.expectHelperGone();
    await vi.waitFor(() => pull.expectNothingHalfMade(), SETTLE);
    await expectTheRest(pull);
  });

  test("a full disk", async () => {
    await using disk = await mountTmpfs(2);
    const env = { PYRO_ENVIRONMENT_CACHE_DIR: path.join(disk.directory, "environments") };
    await using pull = await FaultyPull.open(images(), sample, { env });
    expect(await pull.pull()).toMatchObject({
      status: 7,
      value: { error: { code: "out_of_disk", hint: matching(/Free disk space/) } },
    });
    await pull.expectNothingHalfMade();
    expect(await pull.storedBytes()).toBeGreaterThan(0);
    await run("mount", "-o", "remount,size=100m", disk.directory);
    await pull.expectNextPullLoadsTheRest();
    await pull.pyro.run(["daemon", "stop", "--force"]);
  });
});

describe("a registry that wants fewer requests", () => {
  test.each([
    ["seconds", () => "2", 2000],
    // A date has whole seconds: up to one of these is lost.
    ["a date", () => new Date(Date.now() + 3000).toUTCString(), 2000],
  ])("is asked again when it wants to, in %s, which is told meanwhile", async (_, retryAfter, leastMs) => {
    await using pull = await FaultyPull.open(images(), sample);
    const headers = () => ({ "retry-after": retryAfter() });
    pull.proxy.break(answer(during("manifest"), 429, headers, "", 1));
    const { status, stderr } = await pull.pyro.run(["env", "pull", pull.reference]);
    expect(stderr).toMatch(
      /\[pull\] phase=registry environment=\S+ waiting_for="localhost:\d+, which wants fewer requests" seconds=\d\n/,
    );
    expect(status).toBe(0);
    const [first, second] = pull.proxy.requests("manifest");
    // The first is counted when it comes, a moment before it is answered.
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(leastMs - 1);
  });

  test("and for longer than pyro waits, is told so at once", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    pull.proxy.break(answer(during("manifest"), 429, { "retry-after": "3600" }));
    const { status, stderr } = await pull.pyro.run(["env", "pull", pull.reference]);
    expect(status).toBe(5);
    expect(stderr).toMatch(
      /error: localhost:\d+ wants fewer requests: the next one in 3600 s, which is longer than pyro waits\nhint: Try again in 3600 s; .*login/,
    );
    expect(pull.proxy.requests("manifest")).toHaveLength(1);
    await pull.expectNextPullLoadsTheRest();
  });

  test("is left when Ctrl-C ends the wait", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    pull.proxy.break(answer(during("blob"), 429, { "retry-after": "50" }));
    const child = pull.pyro.start(["env", "pull", pull.reference]);
    await untilTold(child, /waiting_for=.*seconds=50\n/);
    child.kill("SIGINT");
    expect(await end(child)).toBe(INTERRUPTED);
    await pull.expectHelperGone();
    await vi.waitFor(() => pull.expectNothingHalfMade(), SETTLE);
  });

  test("is told by an installed image's pull, too", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    expect((await pull.pull()).status).toBe(0);
    pull.proxy.break(answer(during("manifest"), 429, { "retry-after": "1" }, "", 1));
    const { status, stderr } = await pull.pyro.run(["env", "pull", pull.reference]);
    expect(stderr).toMatch(/waiting_for=.* seconds=1\n(?:.*\n)*.*unchanged=sha256:/);
    expect(status).toBe(0);
  });
});

describe("two pulls of one image at once", () => {
  test("the second says that it waits, and takes over when the first is cancelled", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const first = await startHalfway(pull);
    const second = pull.pyro.start(["env", "pull", pull.reference]);
    await untilTold(second, /\[pull\] phase=lock environment=\S+ waiting_for="another pull"\n/);
    pull.proxy.break();
    pull.proxy.forget();
    first.kill("SIGINT");
    expect(await end(first)).toBe(INTERRUPTED);
    expect(await end(second)).toBe(0);
    expect(pull.proxy.requests("blob").map(({ range }) => range)).toEqual([
      `bytes=${HELD_BYTES}-${pull.large.size - 1}`,
    ]);
  });

  test("the second can be cancelled while it waits, and the first goes on", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const first = await startHalfway(pull);
    const second = pull.pyro.start(["env", "pull", pull.reference]);
    await untilTold(second, /waiting_for="another pull"/);
    second.kill("SIGINT");
    expect(await end(second)).toBe(INTERRUPTED);
    expect(first.exitCode).toBeNull();
    expect(await pull.helpers()).toHaveLength(1);
    first.kill("SIGINT");
    await end(first);
  });

  test("the second takes over when the first's daemon is killed", async () => {
    const shared = { PYRO_ENVIRONMENT_CACHE_DIR: await mkdtemp(path.join(images().directory, "shared-")) };
    await using pull = await FaultyPull.open(images(), sample, { env: shared });
    await using other = await FaultyPull.open(images(), sample, { env: shared });
    const first = await startHalfway(pull);
    const second = other.pyro.start(["env", "pull", pull.reference]);
    await untilTold(second, /waiting_for="another pull"/);
    pull.proxy.break();
    process.kill(await getDaemonPid(pull.pyro), "SIGKILL");
    await end(first);
    expect(await end(second)).toBe(0);
    await other.pyro.run(["daemon", "stop", "--force"]);
  });

  test("two images that share a layer load it once; the second says that it waits", async () => {
    await using pull = await FaultyPull.open(images(), sample);
    const first = await startHalfway(pull);
    const byDigest = pull.reference.replace(/:1$/, `@${sample.manifest.digest}`);
    const second = pull.pyro.start(["env", "pull", byDigest]);
    await untilTold(
      second,
      /phase=registry environment=\S+ waiting_for="another pull, which loads the same"\n/,
    );
    pull.proxy.break();
    first.kill("SIGKILL");
    expect(await end(second)).toBe(0);
  });
});
