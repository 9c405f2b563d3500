import {
  chmod,
  link,
  mkdir,
  readdir,
  readlink,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { entryAt, freezeHere, makeSeedFixture, pathsOf, reasonsOf, run, unpack } from "./seed-fixture.js";

test("modes, empty directories and links of all kinds come through", async () => {
  const { project, freeze } = await makeSeedFixture();
  await mkdir(path.join(project, "empty"), { mode: 0o700 });
  await mkdir(path.join(project, "bin"));
  await writeFile(path.join(project, "bin", "tool"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(path.join(project, "private"), "", { mode: 0o600 });
  await symlink("../bin/tool", path.join(project, "bin", "link"));
  await symlink("/absolute/target", path.join(project, "absolute"));
  await symlink("nowhere", path.join(project, "dangling"));
  await symlink(".", path.join(project, "loop"));
  const frozen = await freeze();
  const unpacked = await unpack(frozen);
  const modeOf = async (name: string) => ((await stat(path.join(unpacked, name))).mode & 0o7777).toString(8);
  expect(await modeOf("empty")).toBe("700");
  expect(await readdir(path.join(unpacked, "empty"))).toEqual([]);
  expect(await modeOf("bin/tool")).toBe("755");
  expect(await modeOf("private")).toBe("600");
  for (const name of ["bin/link", "absolute", "dangling", "loop"]) {
    expect(await readlink(path.join(unpacked, name))).toBe(await readlink(path.join(project, name)));
  }
  expect(entryAt(frozen.seed, "absolute")).toMatchObject({ type: "symlink", target: "/absolute/target" });
});

test("setuid, setgid and sticky bits stay on the host", async () => {
  const { project, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "tool"), "");
  await chmod(path.join(project, "tool"), 0o6755);
  await mkdir(path.join(project, "shared"));
  await chmod(path.join(project, "shared"), 0o1777);
  const { seed } = await freeze();
  expect(entryAt(seed, "tool")).toMatchObject({ mode: 0o755 });
  expect(entryAt(seed, "shared")).toMatchObject({ mode: 0o777 });
});

test("names of one file stay names of one file", async () => {
  const { project, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "b"), "content");
  await link(path.join(project, "b"), path.join(project, "a"));
  await mkdir(path.join(project, "d"));
  await link(path.join(project, "b"), path.join(project, "d", "c"));
  const frozen = await freeze();
  expect(frozen.seed.entries).toMatchObject([
    { type: "file", path: "a", sizeBytes: 7 },
    { type: "hard_link", path: "b", existingPath: "a" },
    { type: "directory", path: "d" },
    { type: "hard_link", path: "d/c", existingPath: "a" },
  ]);
  expect(frozen.seed.contentBytes).toBe(7);
  const unpacked = await unpack(frozen);
  const inodes = await Promise.all(
    ["a", "b", "d/c"].map(async (name) => (await stat(path.join(unpacked, name))).ino),
  );
  expect(new Set(inodes).size).toBe(1);
});

test("a file that has another name outside the seed is an ordinary file", async () => {
  const { project, directory, freeze } = await makeSeedFixture();
  await writeFile(path.join(directory, "outside"), "content");
  await link(path.join(directory, "outside"), path.join(project, "inside"));
  const { seed } = await freeze();
  expect(seed.entries).toMatchObject([{ type: "file", path: "inside", sizeBytes: 7 }]);
});

test("names of any bytes and any length come through", async () => {
  const { project, freeze } = await makeSeedFixture();
  const names = [
    "with space",
    "quote\"'\\",
    "tab\there",
    "new\nline",
    "-dash",
    "grün",
    "x".repeat(255),
    `${"d".repeat(60)}/${"e".repeat(60)}/${"f".repeat(200)}`,
  ];
  for (const name of names) {
    await mkdir(path.dirname(path.join(project, name)), { recursive: true });
    await writeFile(path.join(project, name), name);
  }
  const bytes = Buffer.concat([Buffer.from(`${project}/`), Buffer.from([0xff, 0xfe, 0x41])]);
  await writeFile(bytes, "not UTF-8");
  const long = Buffer.concat([Buffer.from(`${project}/`), Buffer.alloc(150, 0xe9)]);
  await writeFile(long, "long and not UTF-8");
  await symlink(Buffer.alloc(200, 0xe9), Buffer.concat([Buffer.from(`${project}/`), Buffer.from([0xfd])]));
  const frozen = await freeze();
  expect(await run("/", "diff", "-r", "--no-dereference", project, await unpack(frozen))).toBe("");
  const paths = pathsOf(frozen.seed);
  expect(paths).toContain("\xff\xfeA");
  expect(paths).toContain("gr\xc3\xbcn");
  expect(paths).toEqual([...paths].sort((left, right) => (left < right ? -1 : 1)));
});

test.each([92, 93, 87, 88, 89, 90, 91, 99, 100])(
  "a path of %i bytes fits or gets a record of its own",
  async (length) => {
    const { project, freeze } = await makeSeedFixture();
    const name = "n".repeat(length);
    await mkdir(path.join(project, name));
    await writeFile(path.join(project, name, "f"), "x");
    await symlink(name, path.join(project, "link"));
    await link(path.join(project, name, "f"), path.join(project, name, "z"));
    expect(await run("/", "diff", "-r", "--no-dereference", project, await unpack(await freeze()))).toBe("");
  },
);

test("times are whole seconds, and what is new or from the future is two seconds old", async () => {
  const now = Date.parse("2025-01-02T03:04:05.700Z");
  const { project, freeze } = await makeSeedFixture({ freezer: freezeHere(now) });
  const times = { old: now - 3600_000, fresh: now - 100, future: now + 3600_000, ancient: -5_000 };
  for (const [name, time] of Object.entries(times)) {
    await writeFile(path.join(project, name), "");
    await utimes(path.join(project, name), new Date(time), new Date(time));
  }
  const frozen = await freeze();
  const seconds = Math.floor(now / 1000);
  expect(entryAt(frozen.seed, "old")).toMatchObject({ mtime: seconds - 3600 });
  expect(entryAt(frozen.seed, "fresh")).toMatchObject({ mtime: seconds - 2 });
  expect(entryAt(frozen.seed, "future")).toMatchObject({ mtime: seconds - 2 });
  expect(entryAt(frozen.seed, "ancient")).toMatchObject({ mtime: 0 });
  expect((await stat(path.join(await unpack(frozen), "old"))).mtimeMs).toBe((seconds - 3600) * 1000);
});

test("sockets and FIFOs are left out and listed", async () => {
  const { project, freeze } = await makeSeedFixture();
  await run(project, "mkfifo", "fifo");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path.join(project, "socket"), resolve));
  onTestFinished(() => void server.close());
  await writeFile(path.join(project, "file"), "");
  const { seed } = await freeze();
  expect(pathsOf(seed)).toEqual(["file"]);
  expect(reasonsOf(seed)).toEqual({ fifo: "a socket, FIFO or device", socket: "a socket, FIFO or device" });
  expect(seed.skippedCount).toBe(2);
});

test("of very many things that are left out the first are named and all are counted", async () => {
  const { project, freeze } = await makeSeedFixture();
  await run(project, "sh", "-c", "mkfifo $(seq 1200)");
  const { seed } = await freeze();
  expect(seed.skippedCount).toBe(1200);
  expect(seed.skipped).toHaveLength(1000);
});

test.runIf(process.geteuid?.() === 0)(
  "what may not be read is left out and listed, with other names of it",
  async () => {
    const { project, directory, stateDir, freeze } = await makeSeedFixture();
    await chmod(directory, 0o755);
    await writeFile(path.join(project, "secret"), "secret", { mode: 0o600 });
    await link(path.join(project, "secret"), path.join(project, "secret-too"));
    await mkdir(path.join(project, "closed"), { mode: 0o700 });
    await writeFile(path.join(project, "closed", "in"), "");
    await mkdir(path.join(project, "listable"), { mode: 0o744 });
    await writeFile(path.join(project, "listable", "in"), "");
    await writeFile(path.join(project, "file"), "");
    await run("/", "chown", "-R", "nobody", stateDir);
    process.seteuid?.("nobody");
    const { seed } = await freeze().finally(() => process.seteuid?.(0));
    expect(pathsOf(seed)).toEqual(["closed", "file", "listable"]);
    expect(reasonsOf(seed)).toEqual({
      closed: "the directory cannot be read",
      secret: "the file cannot be read",
      "secret-too": "the file cannot be read",
      "listable/in": "it cannot be looked at",
    });
  },
);

test("a sparse file that fits into the tar has its content there", async () => {
  const { project, freeze } = await makeSeedFixture();
  await writeFile(path.join(project, "sparse"), "start");
  await truncate(path.join(project, "sparse"), 1024 * 1024);
  const frozen = await freeze();
  expect(entryAt(frozen.seed, "sparse")).toMatchObject({ sizeBytes: 1024 * 1024 });
  expect(await run("/", "diff", "-r", project, await unpack(frozen))).toBe("");
});

test("a repository inside is taken whole, a pointer to one elsewhere is not", async () => {
  const { project, freeze } = await makeSeedFixture();
  const [inner, tree] = [path.join(project, "inner"), path.join(project, "tree")];
  await run("/", "git", "init", "-q", inner);
  await run(inner, "git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x", "--allow-empty");
  await run(inner, "git", "worktree", "add", "-q", tree);
  await writeFile(path.join(tree, "file"), "");
  await mkdir(path.join(project, "sub"));
  await writeFile(path.join(project, "sub", ".git"), "gitdir: ../inner/.git\n");
  const { seed } = await freeze();
  expect(seed.origin.kind).toBe("directory");
  expect(pathsOf(seed)).toContain("inner/.git/HEAD");
  expect(pathsOf(seed)).toContain("tree/file");
  expect(pathsOf(seed)).toContain("sub/.git");
  expect(reasonsOf(seed)).toEqual({ "tree/.git": "it points to a repository outside the seed" });
});

test.runIf(process.geteuid?.() === 0)("the kernel's own file systems are left out", async () => {
  const { project, freeze } = await makeSeedFixture();
  await mkdir(path.join(project, "proc"));
  await run(project, "mount", "--bind", "/proc", "proc");
  // At once, and not when the test has finished: its directory is removed then.
  const { seed } = await freeze().finally(() => run(project, "umount", "proc"));
  expect(pathsOf(seed)).toEqual([]);
  expect(reasonsOf(seed)).toEqual({ proc: "a file system of the kernel's" });
});
