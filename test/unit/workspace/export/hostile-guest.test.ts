import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Fetched } from "../../../../src/guest/files.js";
import {
  begin,
  content,
  data,
  device,
  directory,
  end,
  file,
  ScriptedFiles,
  symlink,
} from "./scripted-files.js";
import { useExport } from "./use-export.js";

const ROOT = begin(directory("dist"));

/** What no honest agent sends; nothing of it may come to anything. */
const LIES: readonly (readonly [what: string, script: readonly Fetched[]])[] = [
  ["a name that is ..", [ROOT, ...content("dist/../x", "x")]],
  ["a name that is .", [ROOT, ...content("dist/.", "x")]],
  ["a path that climbs in its middle", [ROOT, begin(directory("dist/a")), ...content("dist/a/../../x", "x")]],
  ["an empty name", [ROOT, ...content("dist//x", "x")]],
  ["a name with a NUL", [ROOT, ...content("dist/a\0b", "x")]],
  ["a character that is no byte", [ROOT, ...content("dist/\u0142", "x")]],
  ["an absolute path", [ROOT, ...content("/etc/passwd", "x")]],
  ["a path outside of what is exported", [ROOT, ...content("distance", "x")]],
  ["an entry before its directory", [ROOT, ...content("dist/a/b", "x"), begin(directory("dist/a"))]],
  ["an entry before the exported directory", content("dist/a", "x")],
  ["an entry below a link", [ROOT, begin(symlink("dist/a", "b")), ...content("dist/a/b", "x")]],
  ["an entry below a file", [ROOT, ...content("dist/a", "x"), ...content("dist/a/b", "x")]],
  ["an entry below a device", [ROOT, begin(device("dist/a")), ...content("dist/a/b", "x")]],
  ["content before any entry", [data("x")]],
  ["content of a directory", [ROOT, data("x")]],
  ["the end of a directory", [ROOT, end()]],
  ["content beyond the size", [ROOT, begin(file("dist/a", 3)), data("four"), end()]],
  ["content that begins beyond the size", [ROOT, begin(file("dist/a", 3)), data("x", 2 ** 40), end()]],
  ["pieces that overlap", [ROOT, begin(file("dist/a", 9)), data("abc"), data("x", 2), end()]],
  ["pieces out of order", [ROOT, begin(file("dist/a", 9)), data("c", 6), data("a", 0), end()]],
  ["an offset below zero", [ROOT, begin(file("dist/a", 9)), data("x", -1), end()]],
  ["an offset that is no whole number", [ROOT, begin(file("dist/a", 9)), data("x", 0.5), end()]],
  ["a size below zero", [ROOT, begin(file("dist/a", -1)), end()]],
  ["a size beyond counting", [ROOT, begin(file("dist/a", 2 ** 60)), end()]],
  ["an entry inside of a file", [ROOT, begin(file("dist/a", 1)), begin(directory("dist/b"))]],
  ["a file without an end", [ROOT, begin(file("dist/a", 1)), data("x")]],
  ["a link without a target", [ROOT, begin(symlink("dist/a", ""))]],
  ["a link with a NUL in its target", [ROOT, begin(symlink("dist/a", "b\0c"))]],
];

test.each(LIES)("a guest that sends %s is refused, and nothing stays", async (_, script) => {
  const { run, names, journal } = await useExport();
  await expect(run(new ScriptedFiles(script))).rejects.toMatchObject({ code: "export_refused" });
  expect(await names()).toEqual([]);
  const [begun = "", ended] = journal;
  expect(ended).toBe(begun.replace("begin", "end"));
});

test("the first of two entries of one name counts, whatever they are", async () => {
  const { run, outputPath } = await useExport();
  const first = [...content("dist/a", "1"), begin(directory("dist/b")), begin(symlink("dist/c", "a"))];
  const second = [
    ...content("dist/b", "2"),
    ...content("dist/c", "2"),
    begin(symlink("dist/a", "b")),
    begin(directory("dist/c")),
    ...content("dist/b/inside", "3"),
  ];
  const { skipped } = await run(new ScriptedFiles([ROOT, ...first, ...second]));
  expect(skipped.map((each) => each.path)).toEqual(["b", "c", "a", "c"]);
  expect(new Set(skipped.map((each) => each.reason))).toEqual(
    new Set(["something of its name is there already"]),
  );
  expect(await readFile(path.join(outputPath, "a"), "utf8")).toBe("1");
  expect(await readFile(path.join(outputPath, "b/inside"), "utf8")).toBe("3");
  expect(await readlink(path.join(outputPath, "c"))).toBe("a");
});

test("devices, FIFOs and sockets are left out and listed", async () => {
  const { run, outputPath } = await useExport();
  const script = [ROOT, begin(device("dist/null")), ...content("dist/z", "kept")];
  expect(await run(new ScriptedFiles(script))).toMatchObject({
    entryCount: 1,
    skippedCount: 1,
    skipped: [{ path: "null", reason: "a device, FIFO or socket" }],
  });
  expect(await readdir(outputPath)).toEqual(["z"]);
});

test.each([
  ["/etc/passwd", "a link to an absolute path: /etc/passwd"],
  ["../x", "a link that leaves the exported directory: ../x"],
  ["a/../../x", "a link with `..` behind a name: a/../../x"],
  ["./..", "a link that leaves the exported directory: ./.."],
])("a link to %s is left out and listed", async (target, reason) => {
  const { run, outputPath } = await useExport();
  const { skipped } = await run(new ScriptedFiles([ROOT, begin(symlink("dist/l", target))]));
  expect(skipped).toEqual([{ path: "l", reason }]);
  expect(await readdir(outputPath)).toEqual([]);
});

test.each(["a", "./a", "sub/x", "missing", ".", "sub/./x"])(
  "a link to %s is kept as it is",
  async (target) => {
    const { run, outputPath } = await useExport();
    await run(new ScriptedFiles([ROOT, begin(symlink("dist/l", target))]));
    expect(await readlink(path.join(outputPath, "l"))).toBe(target);
  },
);

test("a link may climb as far as the exported directory, and no further", async () => {
  const { run, outputPath } = await useExport();
  const deep = [begin(directory("dist/a")), begin(directory("dist/a/b"))];
  const links = [begin(symlink("dist/a/b/in", "../../x")), begin(symlink("dist/a/b/out", "../../../x"))];
  const { skipped } = await run(new ScriptedFiles([ROOT, ...deep, ...links]));
  expect(skipped.map((each) => each.path)).toEqual(["a/b/out"]);
  expect(await readdir(path.join(outputPath, "a/b"))).toEqual(["in"]);
});

test("setuid, setgid and sticky are dropped, other permissions are kept", async () => {
  const { run, outputPath } = await useExport();
  const tool = content("dist/tool", "#!", { mode: 0o6755 });
  const shared = [begin(directory("dist/shared", 0o3777)), begin(directory("dist/closed", 0o500))];
  await run(new ScriptedFiles([begin(directory("dist", 0o2750)), ...tool, ...shared]));
  const modeOf = async (name: string) => (await stat(path.join(outputPath, name))).mode & 0o7777;
  expect(await modeOf("tool")).toBe(0o755);
  expect(await modeOf("shared")).toBe(0o777);
  expect(await modeOf("closed")).toBe(0o500);
  expect(await modeOf("")).toBe(0o750);
});

test("names with escapes and broken UTF-8 are kept as bytes, and are text in the list", async () => {
  const { run, outputPath } = await useExport();
  const name = "\x1b[2J\xff\n";
  const { skipped } = await run(
    new ScriptedFiles([ROOT, ...content(`dist/${name}`, "x"), begin(device(`dist/${name}!`))]),
  );
  expect(await readdir(outputPath, { encoding: "latin1" })).toEqual([name]);
  expect(skipped).toEqual([{ path: "\x1b[2J\ufffd\n!", reason: "a device, FIFO or socket" }]);
});

test("what has a name or a path too long for the host is left out with all below it", async () => {
  const { run, outputPath } = await useExport();
  const long = "n".repeat(256);
  const deep: Fetched[] = [];
  let deepPath = "dist";
  for (let depth = 0; depth < 50; depth++) {
    deepPath += `/${"d".repeat(200)}`;
    deep.push(begin(directory(deepPath)));
  }
  const script = [ROOT, begin(directory(`dist/${long}`)), ...content(`dist/${long}/x`, "x"), ...deep];
  const { skipped, entryCount } = await run(
    new ScriptedFiles([...script, ...content(`${deepPath}/x`, "x"), ...content("dist/z", "kept")]),
  );
  expect(skipped.map(({ reason }) => reason)).toEqual([
    "its name or path is too long for this host",
    "its path is too long for this host",
  ]);
  // As many of the directories as fit into a path of 4,095 bytes, and the file.
  expect(entryCount).toBe(20 + 1);
  expect((await readdir(outputPath)).sort()).toEqual(["d".repeat(200), "z"]);
});

test("a file that could not be read whole is left out and listed with the guest's reason", async () => {
  const { run, outputPath } = await useExport();
  const broken = [begin(file("dist/log", 9)), data("half"), end("it has shrunk")];
  const result = await run(new ScriptedFiles([ROOT, ...broken, ...content("dist/z", "kept")]));
  expect(result).toMatchObject({
    entryCount: 1,
    bytesWritten: 4,
    skipped: [{ path: "log", reason: "it could not be read whole: it has shrunk" }],
  });
  expect(await readdir(outputPath)).toEqual(["z"]);
});

test("64 GiB are the end, also of content that is thrown away", async () => {
  const { run, names } = await useExport();
  const bytes = new Uint8Array(64 * 1024 * 1024);
  function* script(): Generator<Fetched> {
    yield ROOT;
    yield begin(file(`dist/${"n".repeat(300)}`, 1));
    for (;;) yield { kind: "data", offset: 0, bytes };
  }
  await expect(run(new ScriptedFiles(script()))).rejects.toMatchObject({
    code: "export_refused",
    message: `the export has more than ${64 * 1024 ** 3} bytes`,
  });
  expect(await names()).toEqual([]);
});

test("endless names are the end, because they would fill the memory", async () => {
  const { run } = await useExport();
  const target = "t".repeat(4000);
  function* script() {
    yield ROOT;
    for (let index = 0; ; index++) yield begin(symlink("dist/l", `/${target}${index}`));
  }
  await expect(run(new ScriptedFiles(script()))).rejects.toMatchObject({
    code: "export_refused",
    message: `the export has more than ${256 * 1024 ** 2} bytes of names`,
  });
});

test("of a hundred thousand things left out the first thousand are listed", async () => {
  const { run } = await useExport();
  function* script() {
    yield ROOT;
    for (let index = 0; index < 100_000; index++) yield begin(device(`dist/${index}`));
  }
  const { skipped, skippedCount } = await run(new ScriptedFiles(script()));
  expect(skipped).toHaveLength(1000);
  expect(skippedCount).toBe(100_000);
});

test("names of one file share it, and a second content is ignored", async () => {
  const { run, outputPath } = await useExport();
  const one = content("dist/one", "first", { linkId: 7n });
  const two = content("dist/two", "other", { linkId: 7n });
  const result = await run(new ScriptedFiles([ROOT, ...one, ...two]));
  expect(result).toMatchObject({ entryCount: 2, bytesWritten: 5 });
  const [first, second] = await Promise.all([
    lstat(path.join(outputPath, "one")),
    lstat(path.join(outputPath, "two")),
  ]);
  expect(second.ino).toBe(first.ino);
  expect(await readFile(path.join(outputPath, "two"), "utf8")).toBe("first");
});

test("a name whose first one could not be read whole gets the content itself", async () => {
  const { run, outputPath } = await useExport();
  const one = [begin(file("dist/one", 5, { linkId: 7n })), data("fi"), end("it has shrunk")];
  await run(new ScriptedFiles([ROOT, ...one, ...content("dist/two", "whole", { linkId: 7n })]));
  expect(await readFile(path.join(outputPath, "two"), "utf8")).toBe("whole");
});

test("a file that the host's file system cannot hold is left out", async () => {
  const { run } = await useExport();
  const huge = [begin(file("dist/huge", 2 ** 53 - 1)), data("x"), end()];
  const { skipped } = await run(new ScriptedFiles([ROOT, ...huge, ...content("dist/z", "kept")]));
  expect(skipped).toEqual([{ path: "huge", reason: "it is too large for the file system of the output" }]);
});
