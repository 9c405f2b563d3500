// Changes in a real guest that fail leave everything as it was; and what a guest in ruins still can do.

import { beforeAll, describe, expect, test } from "vitest";
import type { FileChange } from "../../src/guest/files.js";
import { execText } from "../helpers/exec-text.js";
import { useGuestFiles, write } from "../helpers/use-guest-files.js";

const guest = useGuestFiles();

/** Everything that a change could leave behind in a directory of the workspace, and beside the workspace. */
const look = (path: string) =>
  guest().sh(
    `cd /workspace && find ${path} -printf '%p %y %m %U %G %T@ %n %l\\n' | sort; find ${path} -type f -exec sha256sum {} + | sort; ls -A /`,
  );

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
    guest().sh(
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
    await expect(guest().files.apply([...first, change])).rejects.toMatchObject({ code });
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
    await expect(guest().files.apply([...first, change])).rejects.toThrow("unreadable");
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
    await expect(guest().files.apply([...first, change], controller.signal)).rejects.toThrow("enough");
    await expect.poll(() => look("faults")).toBe(before);
  });

  test("many at once, of which each is whole", async () => {
    const applies = Array.from({ length: 12 }, (_, index) =>
      guest().files.apply([
        write("faults/a", `${index}`.repeat(5000)),
        write("faults/b", `${index}`.repeat(5000)),
      ]),
    );
    await Promise.all(applies);
    expect(await guest().readText("faults/a")).toBe(await guest().readText("faults/b"));
    await guest().files.apply([
      { kind: "remove", path: "faults/a" },
      { kind: "remove", path: "faults/b" },
    ]);
  });
});

test("a full disk says so, leaves everything as it was, and files can be removed", async () => {
  const small = await guest().startAnother(64);
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
  const bare = await guest().startAnother();
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
