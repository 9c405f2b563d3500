// Files of a real guest: what the agent reports, and every kind of change.

import { expect, test } from "vitest";
import { createHash } from "node:crypto";
import { useGuestFiles, write } from "../helpers/use-guest-files.js";

const guest = useGuestFiles();

test("every kind of change takes place, and is reported as it is", async () => {
  const result = await guest().files.apply([
    write("kinds/n\xe4me\n\xff", "one", { mode: 0o4751, mtimeNs: 1_600_000_000_123_456_789n }),
    write("kinds/deep/er/file", "two"),
    { kind: "make_directory", path: "kinds/dir", mode: 0o1777 },
    { kind: "make_symlink", path: "kinds/link", target: "../\xfe" },
    { kind: "make_hard_link", path: "kinds/hard", existingPath: "kinds/deep/er/file" },
  ]);
  expect(result).toEqual({ createdCount: 5, replacedCount: 0, removedCount: 0, bytesWritten: 6 });
  const { entries, bootedAtNs, truncated } = await guest().files.walk({ path: "kinds", recursive: true });
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
  const before = await guest()
    .machine.agent.files("/usr")
    .walk({ path: "bin", recursive: true, maxEntries: 100 });
  for (const { ctimeNs } of before.entries) expect(ctimeNs).toBeLessThan(before.bootedAtNs);
  expect(await guest().files.stat(["kinds/hard", "kinds/none", "kinds"])).toMatchObject([
    { type: "file" },
    undefined,
    { type: "directory" },
  ]);
  expect(await guest().files.read("kinds/hard", { offset: 1, maxBytes: 1 })).toMatchObject({
    entry: { sizeBytes: 3 },
    content: Uint8Array.from(Buffer.from("w")),
  });
  const digest = createHash("sha256").update("two").digest("hex");
  await guest().files.apply([
    write("kinds/hard", "changed", { expectedSha256: digest }),
    { kind: "set_mode", path: "kinds/dir", mode: 0o700 },
    { kind: "remove", path: "kinds/deep" },
  ]);
  await guest().sh("chown 1234:2345 /workspace/kinds/hard && chmod 4751 /workspace/kinds/hard");
  await guest().files.apply([write("kinds/hard", "changed")]);
  expect(await guest().sh("stat -c '%u:%g %a' /workspace/kinds/hard")).toBe("1234:2345 4751");
  expect(await guest().sh("cd /workspace/kinds && cat hard && stat -c %a dir && ls -A . /")).not.toContain(
    "deep",
  );
  expect(await guest().readText("kinds/hard")).toBe("changed");
});

test("contents are fetched as they are, holes as holes", async () => {
  await guest().sh(
    "mkdir -p /workspace/fetch && cd /workspace/fetch && seq 100000 > numbers && truncate -s 300M sparse && printf end >> sparse && mkfifo pipe",
  );
  const sum = await guest().sh("sha256sum < /workspace/fetch/numbers");
  const all = await guest().fetchAll(["fetch"], { recursive: true, digest: true });
  const ends = all.flatMap((each) => (each.kind === "end" ? [each] : []));
  expect(ends.map(({ problem }) => problem)).toEqual([undefined, undefined]);
  expect(sum).toContain(ends[0]?.sha256);
  expect(await guest().sh("sha256sum < /workspace/fetch/sparse")).toContain(ends[1]?.sha256);
  const sent = all.reduce((bytes, each) => bytes + (each.kind === "data" ? each.bytes.length : 0), 0);
  expect(sent).toBeLessThan(588_895 + 1_000_000);
  // Sent back, the file takes as little room again; the guest's own `du` counts holes.
  const holes = (async function* () {
    for await (const each of guest().files.fetch(["fetch/sparse"], {})) if (each.kind === "data") yield each;
  })();
  const before = await guest().machine.diskBytes();
  await guest().files.apply([
    { kind: "write_file", path: "fetch/copy", sizeBytes: 314_572_803, content: holes },
  ]);
  expect((await guest().machine.diskBytes()) - before).toBeLessThan(5_000_000);
  await guest().sh("cd /workspace/fetch && cmp copy sparse");
});

test("what git ignores is counted, as git has it", async () => {
  await guest().sh(`mkdir -p /workspace/repo && cd /workspace/repo && mkdir -p .git/info node_modules/x/y src
    echo secret > .git/info/exclude && printf '*.o\\nnode_modules/\\n' > .gitignore && printf '!keep.o\\n' > src/.gitignore
    touch secret a.o src/keep.o src/b.o src/c.c node_modules/x/y/z`);
  const repository = guest().machine.agent.files("/workspace/repo");
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
