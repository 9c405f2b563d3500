// Guests that start on a layer: on a tar made on the host, and on what was captured from another guest.

import path from "node:path";
import { rm, readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatLayerId } from "../../src/contract/ids.js";
import type { Layer, Machine } from "../../src/machine/engine.js";
import { newSpec, openEngine } from "../helpers/engine-host.js";
import { execText } from "../helpers/exec-text.js";
import { TAR_MTIME_SECONDS, writeLayerTar, type TarEntry } from "../helpers/layer-tar.js";
import { useEngine } from "../helpers/use-engine.js";

const MIB = 1024 * 1024;
const LONG_NAME = "n".repeat(200);
const IDENTITY =
  "cat /proc/sys/kernel/random/boot_id /etc/machine-id /etc/hostname; head -c 32 /dev/urandom | od -An -tx1";

const opened = useEngine();

async function tarLayer(entries: readonly TarEntry[]): Promise<Layer> {
  const id = formatLayerId(randomBytes(16));
  const file = path.join(opened().pyro.directory, `${id}.tar`);
  await writeLayerTar(file, entries);
  return { id, kind: "tar", path: file };
}

async function ask(machine: Machine, script: string): Promise<string> {
  return execText(machine.agent, script);
}

describe("a tar", () => {
  const entries: TarEntry[] = [
    {
      path: "workspace/file",
      type: "file",
      content: Buffer.from("content\n"),
      mode: 0o640,
      uid: 1000,
      gid: 1001,
    },
    { path: "workspace/setuid", type: "file", mode: 0o4755 },
    { path: "workspace/sticky", type: "directory", mode: 0o1777 },
    { path: "workspace/empty/deeper", type: "directory" },
    { path: "workspace/large", type: "file", content: randomBytes(3 * MIB) },
    { path: "workspace/link", type: "symlink", target: "file" },
    { path: "workspace/dangling", type: "symlink", target: `/nowhere/${LONG_NAME}` },
    { path: "workspace/a-hardlink", type: "hardlink", target: "workspace/file" },
    { path: "workspace/fifo", type: "fifo", mode: 0o600 },
    { path: `workspace/${LONG_NAME}/${LONG_NAME}`, type: "file", content: Buffer.from("deep") },
    { path: "workspace/bytes-\xff\xfe", type: "file", content: Buffer.from("bytes") },
  ];
  const QUESTIONS = [
    "cat file; stat -c '%a %u:%g %h %Y' file; [ file -ef a-hardlink ] && echo same",
    "stat -c '%a %F' setuid sticky fifo empty/deeper",
    `readlink link dangling | cut -c 1-20; cat n*/n*; cat "$(printf 'bytes-\\377\\376')"; echo`,
    "sha256sum < large; ls | wc -l; cat /etc/debian_version | wc -l",
  ];

  test("gives the guest its files, with modes, owners, times, links, and names of any length and bytes", async () => {
    const machine = await opened().start(await tarLayer(entries));
    await machine.loaded;
    const answers = [];
    for (const question of QUESTIONS) answers.push(await ask(machine, `cd /workspace; ${question}`));
    expect(answers).toEqual([
      `content\n640 1000:1001 2 ${TAR_MTIME_SECONDS}\nsame`,
      "4755 regular empty file\n1777 directory\n600 fifo\n755 directory",
      "file\n/nowhere/nnnnnnnnnnn\ndeepbytes",
      expect.stringMatching(/^[0-9a-f]{64} {2}-\n11\n1$/),
    ]);
  });

  test("and a capture of it is the same, without the tar", async () => {
    const { layers, start } = opened();
    const tar = await tarLayer(entries);
    const machine = await start(tar);
    const all = QUESTIONS.join(";");
    const before = await ask(machine, `cd /workspace; ${all}`);
    const layer = await layers.capture(machine, "seed");
    await rm(tar.path);
    const copy = await start(await layers.open(layer.id));
    expect(await ask(copy, `cd /workspace; ${all}`)).toBe(before);
  });

  test("that holds nothing leaves the environment as it is", async () => {
    const machine = await opened().start(await tarLayer([{ path: "", type: "directory" }]));
    expect(await ask(machine, "ls -A /workspace; ls /etc/debian_version")).toBe("/etc/debian_version");
  });
});

describe("a capture", () => {
  test("of a guest that changed nothing starts a guest", async () => {
    const { layers, start } = opened();
    const layer = await layers.capture(await start(), "nothing");
    const copy = await start(await layers.open(layer.id));
    await copy.loaded;
    expect(await ask(copy, "echo well")).toBe("well");
  });

  test("starts guests that share no boot id, machine id, hostname or random number", async () => {
    const { layers, start } = opened();
    const original = await start();
    const layer = await layers.open((await layers.capture(original, "twins")).id);
    const guests = [original, await start(layer), await start(layer)];
    const identities = await Promise.all(guests.map((guest) => ask(guest, IDENTITY)));
    const lines = identities.flatMap((text) => text.split("\n"));
    expect(lines.length).toBeGreaterThanOrEqual(4 * guests.length);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test("of a guest that nobody has used yet holds no identity", async () => {
    const { engine, layers, pyro, start } = opened();
    const parked = await engine.park(await newSpec(pyro));
    const layer = await layers.capture(parked, "baseline");
    const machine = await parked.claim();
    const used = (await ask(machine, "cat /etc/machine-id /etc/hostname")).split("\n");
    await machine.remove();
    const files = await Promise.all(
      ["multitar.img", "pages.img"].map((name) => readFile(path.join(layer.path, name), "latin1")),
    );
    expect(used).toHaveLength(2);
    for (const unique of used) expect(files.join("")).not.toContain(unique);
    expect(await ask(await start(layer), "echo well")).toBe("well");
  });

  test("of a guest without files in /tmp: there is a /tmp on the next one, and what is in it is captured", async () => {
    const { layers, start } = opened();
    const machine = await start();
    await ask(machine, "find /tmp -mindepth 1 -delete");
    const emptied = await layers.open((await layers.capture(machine, "emptied")).id);
    const second = await start(emptied);
    await ask(second, "ls -A /tmp; ! grep ' /tmp ' /proc/mounts; echo kept > /tmp/file");
    const filled = await layers.open((await layers.capture(second, "filled")).id);
    expect(await ask(await start(filled), "cat /tmp/file; stat -c %a /tmp")).toBe("kept\n1777");
  });

  test("may be removed while a guest runs on it: nothing of it is missing, and it can be captured again", async () => {
    const { layers, start } = opened();
    const machine = await start();
    await ask(machine, "head -c 30000000 /dev/urandom > /root/large");
    const sum = await ask(machine, "sha256sum /root/large");
    const layer = await layers.capture(machine, "first");
    const copy = await start(await layers.open(layer.id));
    await layers.remove(layer.id);
    await copy.loaded;
    expect(await ask(copy, "sha256sum /root/large")).toBe(sum);
    const again = await layers.open((await layers.capture(copy, "second")).id);
    expect(await ask(await start(again), "sha256sum /root/large")).toBe(sum);
  });

  test("while the guest writes is one moment of it, and the guest writes on", async () => {
    const { layers, start } = opened();
    const machine = await start();
    // Two files, written in turns: of one moment are only equal numbers of lines, or one more in the first.
    const writer = "i=0; while :; do i=$((i+1)); echo $i >> /root/a; echo $i >> /root/b; done";
    await ask(machine, `(${writer}) >/dev/null 2>&1 & until [ -s /root/b ]; do sleep 0.01; done`);
    for (let round = 0; round < 5; round++) {
      const layer = await layers.open((await layers.capture(machine, "moment")).id);
      const copy = await start(layer);
      const [first, second] = (
        await ask(copy, "wc -l < /root/a; wc -l < /root/b; cmp /root/a /root/b >&2 || :")
      )
        .split("\n")
        .map(Number);
      expect(second).toBeGreaterThan(0);
      expect([0, 1]).toContain((first ?? 0) - (second ?? 0));
      expect(await ask(copy, "seq $(wc -l < /root/a) | cmp - /root/a && echo whole")).toBe("whole");
    }
    const before = Number(await ask(machine, "wc -l < /root/a"));
    await expect.poll(async () => Number(await ask(machine, "wc -l < /root/a"))).toBeGreaterThan(before);
  });

  test("two asked for at once are both whole", async () => {
    const { layers, start } = opened();
    const machine = await start();
    await ask(machine, "head -c 5000000 /dev/urandom > /root/large");
    const sum = await ask(machine, "sha256sum /root/large");
    const captures = await Promise.all(["one", "two"].map((label) => layers.capture(machine, label)));
    for (const { id } of captures) {
      expect(await ask(await start(await layers.open(id)), "sha256sum /root/large")).toBe(sum);
    }
  });
});

describe("another daemon that takes over a guest", () => {
  test("knows whether its layer was loaded, and captures it", async () => {
    const { layers, pyro, start } = opened();
    const machine = await start();
    await ask(machine, "echo first > /root/file");
    const copy = await start(await layers.open((await layers.capture(machine, "first")).id));
    copy.release();
    const adopted = await (await openEngine(pyro)).adopt(copy.id);
    if (!adopted?.capture) throw new Error("not adopted");
    await adopted.loaded;
    await ask(adopted, "echo second >> /root/file");
    const layer = await layers.open((await layers.capture(adopted, "second")).id);
    await adopted.remove();
    expect(await ask(await start(layer), "cat /root/file")).toBe("first\nsecond");
  });
});

describe("the disk that a guest takes", () => {
  test("grows with what it writes, shrinks with what it deletes, and counts what came with its layer", async () => {
    const { layers, start } = opened();
    const machine = await start();
    expect(await machine.diskBytes()).toBeLessThan(2 * MIB);
    await ask(machine, `head -c ${20 * MIB} /dev/urandom > /root/large; sync`);
    expect(await machine.diskBytes()).toBeGreaterThan(19 * MIB);
    const copy = await start(await layers.open((await layers.capture(machine, "large")).id));
    await copy.loaded;
    expect(await copy.diskBytes()).toBeGreaterThan(19 * MIB);
    await ask(machine, "rm /root/large");
    await expect.poll(() => machine.diskBytes(), { timeout: 30_000 }).toBeLessThan(2 * MIB);
    await machine.remove();
    expect(await machine.diskBytes()).toBe(0);
  });
});
