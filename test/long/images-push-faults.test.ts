// Pushes of a snapshot that fail: what is said, that the registry has no tag of it, and that the next push works.

import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { FaultProxy, type Fault } from "../helpers/images/fault-proxy.js";
import { answer, by, cut, cutUpload, during, hold } from "../helpers/images/faults.js";
import { SETTLE } from "../helpers/images/faulty-pull.js";
import { run } from "../helpers/images/make-images.js";
import { startRegistry } from "../helpers/images/registry.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { findProcessesWith } from "../helpers/processes-with.js";
import { mountTmpfs } from "../helpers/tmpfs.js";

/** Of the repositories: one for each push, because a registry is asked for no layer that it has. */
const IMAGE = "team/pushed";
const LARGE_MIB = 12;

const images = useImages(false);
let proxy: FaultProxy;
let workspaceId = "";

beforeAll(async () => {
  proxy = await FaultProxy.start(images().registry.host);
  await images().push("team/base:1", await images().makeTree("base"));
  const { pyro } = images();
  const created = await pyro.run(["workspace", "create", images().name("base:1"), "--id-only"]);
  workspaceId = created.stdout.toString().trim();
  const script = `dd if=/dev/urandom of=/workspace/large bs=1048576 count=${LARGE_MIB}`;
  expect(
    (await pyro.run(["workspace", "exec", workspaceId, "--", "/bin/busybox", "sh", "-c", script])).status,
  ).toBe(0);
  expect((await pyro.run(["workspace", "snapshot", "create", workspaceId, "made"])).status).toBe(0);
});
afterAll(async () => {
  await images().pyro.run(["workspace", "delete", workspaceId]);
  await proxy[Symbol.asyncDispose]();
});

const exportTo = (output: string) => [
  "workspace",
  "snapshot",
  "export",
  workspaceId,
  "made",
  "--output",
  output,
];

/** Whether the repository has the one tag that is pushed. */
async function isNamed(host: string, repository: string): Promise<boolean> {
  const answered = await fetch(`http://${host}/v2/${repository}/tags/list`);
  return (await answered.text()).includes('"1"');
}

async function helpers(): Promise<string[]> {
  const lines = await findProcessesWith(images().pyro.directory);
  return lines.filter((line) => line.includes("/pyro-helper image "));
}

async function expectRefused(output: string, code: string, message: RegExp, hint: RegExp): Promise<void> {
  const failed = await images().pyro.json(exportTo(output));
  expect(failed).toMatchObject({
    status: 5,
    value: { error: { code, message: matching(message), hint: matching(hint) } },
  });
  await vi.waitFor(async () => expect(await helpers()).toEqual([]), SETTLE);
}

describe("a push that fails is told with its reason, and names nothing", () => {
  const uploads = by("PATCH", "upload");
  const tags = by("PUT", "manifest");
  const DENIED = [
    "registry_denied",
    /denies access to team\/pushed\S+ \(40[13] /,
    /somebody who may push/,
  ] as const;
  const FAILED = [
    "registry_failed",
    /answers with an error: 500 Internal Server Error/,
    /try again later/,
  ] as const;
  const BROKEN = [
    "registry_unreachable",
    /cannot be reached: the connection broke off|connection reset by peer|broken pipe/,
    /network/,
  ] as const;

  test.each<readonly [string, Fault, string, RegExp, RegExp]>([
    ["401 when an upload begins", answer(by("POST", "upload"), 401), ...DENIED],
    ["403 when an upload begins", answer(by("POST", "upload"), 403), ...DENIED],
    ["403 for the tag", answer(tags, 403), ...DENIED],
    [
      "404 when an upload begins",
      answer(by("POST", "upload"), 404),
      ...([
        "registry_denied",
        /has no repository team\/pushed\S+ to push to/,
        /Make the repository/,
      ] as const),
    ],
    [
      "413 for a layer",
      answer(uploads, 413),
      ...(["registry_failed", /takes nothing as large .*\(413 /, /Raise the limit/] as const),
    ],
    ["500 for a layer", answer(uploads, 500), ...FAILED],
    ["500 when an upload ends", answer(by("PUT", "upload"), 500), ...FAILED],
    ["500 for the tag", answer(tags, 500), ...FAILED],
    ["a cut before an upload", cut(during("upload")), ...BROKEN],
    ["a cut within a layer", cutUpload(uploads), ...BROKEN],
    ["a cut instead of the tag", cut(tags), ...BROKEN],
    [
      "429 for a layer",
      answer(uploads, 429, { "retry-after": "600" }),
      ...(["registry_busy", /wants fewer requests: the next one in 600 s/, /Try again in 600 s/] as const),
    ],
  ])("%s", async (name, fault, code, message, hint) => {
    const repository = `${IMAGE}-${name.replaceAll(" ", "-").toLowerCase()}`;
    proxy.break(fault);
    await expectRefused(`${proxy.host}/${repository}:1`, code, message, hint);
    expect(await isNamed(images().registry.host, repository)).toBe(false);
    proxy.break();
    expect((await images().pyro.json(exportTo(`${proxy.host}/${repository}:1`))).status).toBe(0);
    expect(await isNamed(images().registry.host, repository)).toBe(true);
  });
});

test.each(["POST", "PATCH"])(
  "a push asks again when the registry wants it to, after %s, which is told meanwhile",
  async (method) => {
    proxy.break(answer(by(method, "upload"), 429, { "retry-after": "1" }, "", 1));
    const { status, stderr } = await images().pyro.run(
      exportTo(`${proxy.host}/team/other-${method.toLowerCase()}:1`),
    );
    expect(stderr).toMatch(
      /\[workspace-snapshot\] waiting_for="localhost:\d+, which wants fewer requests" seconds=1\n/,
    );
    expect(status).toBe(0);
  },
);

test("Ctrl-C during an upload ends the helper and names nothing", async () => {
  proxy.break(hold(during("upload")));
  proxy.forget();
  const child = images().pyro.start(exportTo(`${proxy.host}/${IMAGE}-held:1`));
  await vi.waitFor(() => expect(proxy.requests("upload", "POST")).not.toEqual([]), SETTLE);
  child.kill("SIGINT");
  await once(child, "close");
  expect(child.exitCode).toBe(130);
  await vi.waitFor(async () => expect(await helpers()).toEqual([]), SETTLE);
  expect(await isNamed(images().registry.host, `${IMAGE}-held`)).toBe(false);
});

test("a registry whose disk is full is said to be at fault, and takes the image when it has room", async () => {
  await using disk = await mountTmpfs(8);
  const storage = path.join(disk.directory, "storage");
  await using full = await startRegistry(path.join(images().directory, "full"), { storage });
  await expectRefused(
    `${full.host}/${IMAGE}:1`,
    "registry_failed",
    /answers with an error: 5\d\d/,
    /registry is at fault/,
  );
  expect(await isNamed(full.host, IMAGE)).toBe(false);
  await run("mount", "-o", "remount,size=200m", disk.directory);
  expect((await images().pyro.json(exportTo(`${full.host}/${IMAGE}:1`))).status).toBe(0);
});
