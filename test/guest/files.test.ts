// Files of a real guest: what the agent reports, and changes that take place as a whole or not at all.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fetched, FetchOptions, FileChange, GuestFiles } from "../../src/guest/files.js";
import type { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import type { Machine } from "../../src/machine/engine.js";
import { newSpec, openEngine } from "../helpers/engine-host.js";
import { execText } from "../helpers/exec-text.js";
import { TestPyro } from "../helpers/test-pyro.js";

let pyro: TestPyro;
let engine: GvisorEngine;
let machine: Machine;
let files: GuestFiles;

beforeAll(async () => {
  pyro = await TestPyro.create();
  engine = await openEngine(pyro);
  machine = await engine.start(await newSpec(pyro));
  files = machine.agent.files("/workspace");
});

afterAll(async () => {
  await engine.reap(new Set());
  await pyro[Symbol.asyncDispose]();
});

const sh = (script: string) => execText(machine.agent, script);

function write(
  path: string,
  text: string,
  more: Partial<FileChange & { kind: "write_file" }> = {},
): FileChange {
  const bytes = Buffer.from(text, "latin1");
  return { kind: "write_file", path, sizeBytes: bytes.length, content: [{ offset: 0, bytes }], ...more };
}

async function readText(path: string): Promise<string> {
  const { content } = await files.read(path, { offset: 0, maxBytes: 100_000 });
  return Buffer.from(content).toString("latin1");
}

async function fetchAll(paths: string[], options: FetchOptions = {}): Promise<Fetched[]> {
  const all: Fetched[] = [];
  for await (const each of files.fetch(paths, options)) all.push(each);
  return all;
}

/** Everything that a change could leave behind in a directory of the workspace, and beside the workspace. */
const look = (path: string) =>
  sh(
    `cd /workspace && find ${path} -printf '%p %y %m %U %G %T@ %n %l\\n' | sort; find ${path} -type f -exec sha256sum {} + | sort; ls -A /`,
  );

test("every kind of change takes place, and is reported as it is", async () => {
  const result = await files.apply([
    write("kinds/n\xe4me\n\xff", "one", { mode: 0o4751, mtimeNs: 1_600_000_000_123_456_789n }),
    write("kinds/deep/er/file", "two"),
    { kind: "make_directory", path: "kinds/dir", mode: 0o1777 },
    { kind: "make_symlink", path: "kinds/link", target: "../\xfe" },
    { kind: "make_hard_link", path: "kinds/hard", existingPath: "kinds/deep/er/file" },
  ]);
  expect(result).toEqual({ createdCount: 5, replacedCount: 0, removedCount: 0, bytesWritten: 6 });
  const { entries, bootedAtNs, truncated } = await files.walk({ path: "kinds", recursive: true });
  expect(entries).toMatchObject([
    { path: "kinds/deep", type: "directory", mode: 0o755 },
    { path: "kinds/deep/er", type: "directory" },
    { path: "kinds/deep/er/file", type: "file", mode: 0o644, sizeBytes: 3 },
    { path: "kinds/dir", type: "directory", mode: 0o1777, linkId: undefined },
    { path: "kinds/hard", type: "file", sizeBytes: 3 },
    { path: "kinds/link", type: "symlink", linkTarget: "../\xfe" },
    { path: "kinds/n\xe4me\n\xff", type: "file", mode: 0o4751, mtimeNs: 1_600_000_000_123_456_789n },
  ]);
  expect(truncated).toBe(false);
  expect(entries[2]?.linkId).toBe(entries[4]?.linkId);
  expect(entries[2]?.linkId).toBeDefined();
  for (const { ctimeNs } of entries) expect(ctimeNs).toBeGreaterThanOrEqual(bootedAtNs);
  const before = await machine.agent.files("/usr").walk({ path: "bin", recursive: true, maxEntries: 100 });
  for (const { ctimeNs } of before.entries) expect(ctimeNs).toBeLessThan(before.bootedAtNs);
  expect(await files.stat(["kinds/hard", "kinds/none", "kinds"])).toMatchObject([
    { type: "file" },
    undefined,
    { type: "directory" },
  ]);
  expect(await files.read("kinds/hard", { offset: 1, maxBytes: 1 })).toMatchObject({
    entry: { sizeBytes: 3 },
    content: Uint8Array.from(Buffer.from("w")),
  });
  const digest = createHash("sha256").update("two").digest("hex");
  await files.apply([
    write("kinds/hard", "changed", { expectedSha256: digest }),
    { kind: "set_mode", path: "kinds/dir", mode: 0o700 },
    { kind: "remove", path: "kinds/deep" },
  ]);
  await sh("chown 1234:2345 /workspace/kinds/hard && chmod 4751 /workspace/kinds/hard");
  await files.apply([write("kinds/hard", "changed")]);
  expect(await sh("stat -c '%u:%g %a' /workspace/kinds/hard")).toBe("1234:2345 4751");
  expect(await sh("cd /workspace/kinds && cat hard && stat -c %a dir && ls -A . /")).not.toContain("deep");
  expect(await readText("kinds/hard")).toBe("changed");
});

test("contents are fetched as they are, holes as holes", async () => {
  await sh(
    "mkdir -p /workspace/fetch && cd /workspace/fetch && seq 100000 > numbers && truncate -s 300M sparse && printf end >> sparse && mkfifo pipe",
  );
  const sum = await sh("sha256sum < /workspace/fetch/numbers");
  const all = await fetchAll(["fetch"], { recursive: true, digest: true });
  const ends = all.flatMap((each) => (each.kind === "end" ? [each] : []));
  expect(ends.map(({ problem }) => problem)).toEqual([undefined, undefined]);
  expect(sum).toContain(ends[0]?.sha256);
  expect(await sh("sha256sum < /workspace/fetch/sparse")).toContain(ends[1]?.sha256);
  const sent = all.reduce((bytes, each) => bytes + (each.kind === "data" ? each.bytes.length : 0), 0);
  expect(sent).toBeLessThan(588_895 + 1_000_000);
  // Sent back, the file takes as little room again; the guest's own `du` counts holes.
  const holes = (async function* () {
    for await (const each of files.fetch(["fetch/sparse"], {})) if (each.kind === "data") yield each;
  })();
  const before = await machine.diskBytes();
  await files.apply([{ kind: "write_file", path: "fetch/copy", sizeBytes: 314_572_803, content: holes }]);
  expect((await machine.diskBytes()) - before).toBeLessThan(5_000_000);
  await sh("cd /workspace/fetch && cmp copy sparse");
});

test("what git ignores is counted, as git has it", async () => {
  await sh(`mkdir -p /workspace/repo && cd /workspace/repo && mkdir -p .git/info node_modules/x/y src
    echo secret > .git/info/exclude && printf '*.o\\nnode_modules/\\n' > .gitignore && printf '!keep.o\\n' > src/.gitignore
    touch secret a.o src/keep.o src/b.o src/c.c node_modules/x/y/z`);
  const repository = machine.agent.files("/workspace/repo");
  const { entries, ignored } = await repository.walk({
    recursive: true,
    skipGit: true,
    honorGitignore: true,
  });
  expect(entries.map(({ path }) => path)).toEqual([
    ".gitignore",
    "src",
    "src/.gitignore",
    "src/c.c",
    "src/keep.o",
  ]);
  expect(ignored).toEqual([
    { path: "a.o", entryCount: 1 },
    { path: "node_modules", entryCount: 4 },
    { path: "secret", entryCount: 1 },
    { path: "src/b.o", entryCount: 1 },
  ]);
});

describe("paths that leave the workspace are refused:", () => {
  beforeAll(async () => {
    await sh(`mkdir -p /workspace/links/real /outside && cd /workspace/links && echo secret > /outside/file
      ln -s /outside out; ln -s /outside/file file; ln -s ../../outside up; ln -s /proc/self/root/outside magic
      ln -s /workspace/links/real in; ln -s /workspace/links/real/x hole; echo inside > real/file`);
  });

  test.each(["links/out/file", "links/file", "links/up/file", "links/magic/file"])("%s", async (path) => {
    const refused = { code: "path_outside_workspace", details: { path } };
    await expect(files.read(path, { offset: 0, maxBytes: 9 })).rejects.toMatchObject(refused);
    await expect(files.apply([write(path, "x")])).rejects.toMatchObject(refused);
    await expect(files.apply([{ kind: "set_mode", path, mode: 0o777 }])).rejects.toMatchObject(refused);
    expect(await sh("cat /outside/file; stat -c %a /outside/file")).toBe("secret\n644");
  });

  test.each(["/etc/passwd", "../etc/passwd", "a/../../etc", "a//b", "a\0b", "x".repeat(4096)])(
    "%j",
    async (path) => {
      await expect(files.read(path, { offset: 0, maxBytes: 9 })).rejects.toMatchObject({
        code: "invalid_input",
      });
      await expect(files.apply([write(path, "x")])).rejects.toMatchObject({ code: "invalid_input" });
    },
  );

  test("links that stay inside are not", async () => {
    expect(await readText("links/in/file")).toBe("inside\n");
    await files.apply([write("links/in/file", "changed"), write("links/hole", "made")]);
    expect(await sh("cat /workspace/links/real/file /workspace/links/real/x")).toBe("changedmade");
    await expect(files.walk({ path: "links/none", recursive: true })).rejects.toMatchObject({
      code: "path_not_found",
    });
  });

  test("links that a program swaps all the time", async () => {
    await sh("mkdir -p /workspace/swap/d && cd /workspace/swap && echo inside > d/file && ln -s /outside e");
    const abort = new AbortController();
    const script =
      'chdir "/workspace/swap"; while (1) { rename "d","t"; rename "e","d"; rename "t","e"; rename "d","t"; rename "e","d"; rename "t","e" }';
    const swapping = machine.agent.exec({ argv: ["perl", "-e", script] }, () => undefined, abort.signal);
    for (let round = 0; round < 150; round++) {
      for (const path of ["swap/d/file", "swap/e/file"]) {
        expect(await readText(path).catch(() => "refused")).not.toContain("secret");
        for (const change of [
          write(path, "inside"),
          { kind: "set_mode", path, mode: 0o777 } as const,
          { kind: "remove", path } as const,
        ]) {
          await files.apply([change]).catch(() => undefined);
        }
      }
    }
    abort.abort();
    await swapping.catch(() => undefined);
    expect(await sh("cat /outside/file; stat -c %a /outside/file; ls -A /outside")).toBe("secret\n644\nfile");
  });
});

describe("a failure leaves everything as it was:", () => {
  const failures: [string, string, FileChange][] = [
    [
      "a missing target of a hard link",
      "path_not_found",
      { kind: "make_hard_link", path: "faults/x", existingPath: "faults/none" },
    ],
    ["a directory in the way", "conflict", write("faults/dir", "x")],
    ["a file in the way", "conflict", write("faults/file/x", "x")],
    [
      "other content than was expected",
      "conflict",
      write("faults/file", "x", { expectedSha256: "0".repeat(64) }),
    ],
    ["a file that must not be there", "conflict", write("faults/file", "x", { mustNotExist: true })],
    ["a removal of nothing", "path_not_found", { kind: "remove", path: "faults/none" }],
    ["a name that is too long", "invalid_input", write(`faults/${"n".repeat(256)}`, "x")],
  ];

  beforeAll(() =>
    sh(
      "mkdir -p /workspace/faults/dir/sub && cd /workspace/faults && echo a > file && echo b > dir/sub/b && ln -s file link && find . -exec touch -h -d 2020-01-01 {} +",
    ),
  );

  const first: FileChange[] = [
    write("faults/file", "changed", { mode: 0o600 }),
    write("faults/link", "through"),
    write("faults/new/deep", "x"),
    { kind: "remove", path: "faults/dir/sub" },
    { kind: "make_symlink", path: "faults/link", target: "elsewhere" },
    { kind: "set_mode", path: "faults/dir", mode: 0o700 },
  ];

  test.each(failures)("%s", async (_, code, change) => {
    const before = await look("faults");
    await expect(files.apply([...first, change])).rejects.toMatchObject({ code });
    expect(await look("faults")).toBe(before);
  });

  test("content that cannot be read on the host", async () => {
    const before = await look("faults");
    async function* failing() {
      await Promise.resolve();
      yield { offset: 0, bytes: Buffer.alloc(2_000_000, "x") };
      throw new Error("unreadable");
    }
    const change: FileChange = {
      kind: "write_file",
      path: "faults/big",
      sizeBytes: 9_000_000,
      content: failing(),
    };
    await expect(files.apply([...first, change])).rejects.toThrow("unreadable");
    await expect.poll(() => look("faults")).toBe(before);
  });

  test("a call that is cancelled in the middle", async () => {
    const before = await look("faults");
    const controller = new AbortController();
    async function* cancelling() {
      yield { offset: 0, bytes: Buffer.alloc(2_000_000, "x") };
      controller.abort(new Error("enough"));
      await new Promise(() => undefined);
    }
    const change: FileChange = {
      kind: "write_file",
      path: "faults/big",
      sizeBytes: 9_000_000,
      content: cancelling(),
    };
    await expect(files.apply([...first, change], controller.signal)).rejects.toThrow("enough");
    await expect.poll(() => look("faults")).toBe(before);
  });

  test("many at once, of which each is whole", async () => {
    const applies = Array.from({ length: 12 }, (_, index) =>
      files.apply([write("faults/a", `${index}`.repeat(5000)), write("faults/b", `${index}`.repeat(5000))]),
    );
    await Promise.all(applies);
    expect(await readText("faults/a")).toBe(await readText("faults/b"));
    await files.apply([
      { kind: "remove", path: "faults/a" },
      { kind: "remove", path: "faults/b" },
    ]);
  });
});

test("a full disk says so, leaves everything as it was, and files can be removed", async () => {
  const small = await engine.start({ ...(await newSpec(pyro)), diskMib: 64 });
  const workspace = small.agent.files("/workspace");
  await workspace.apply([write("keep", "kept"), write("large", "x".repeat(1_000_000))]);
  const bytes = Buffer.alloc(1_000_000, "y");
  const pieces = Array.from({ length: 100 }, (_, index) => ({ offset: index * bytes.length, bytes }));
  const change: FileChange = { kind: "write_file", path: "big", sizeBytes: 100_000_000, content: pieces };
  await expect(workspace.apply([write("keep", "changed"), change])).rejects.toMatchObject({
    code: "out_of_disk",
    details: { path: "big" },
  });
  expect(
    await execText(small.agent, "cat /workspace/keep; ls -A /workspace; ls -A / | grep pyro- || true"),
  ).toBe("keptkeep\nlarge");
  await execText(small.agent, "cat /dev/zero > /fill 2>/dev/null || true");
  await workspace.apply([{ kind: "remove", path: "large" }]);
  expect(await workspace.stat(["large"])).toEqual([undefined]);
  await small.remove();
});

test("after `rm -rf /` files are still read and written", async () => {
  const bare = await engine.start(await newSpec(pyro));
  await bare.agent
    .exec({ argv: ["sh", "-c", "rm -rf --no-preserve-root / 2>/dev/null"] }, () => undefined)
    .catch(() => undefined);
  const workspace = bare.agent.files("/workspace");
  await workspace.apply([
    write("dir/file", "x", { mtimeNs: 1_500_000_000_000_000_000n }),
    { kind: "make_symlink", path: "link", target: "/workspace/dir/file" },
    { kind: "set_mode", path: "dir", mode: 0o700 },
  ]);
  expect((await workspace.walk({ recursive: true, honorGitignore: true })).entries).toMatchObject([
    { path: "dir", mode: 0o700 },
    { path: "dir/file", mtimeNs: 1_500_000_000_000_000_000n },
    { path: "link" },
  ]);
  expect((await workspace.read("link", { offset: 0, maxBytes: 9 })).content).toHaveLength(1);
  await bare.remove();
});
