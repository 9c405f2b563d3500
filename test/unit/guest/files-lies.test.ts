// Answers about files that a guest must not give: the host believes none of them.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GuestFiles, Fetched, FetchOptions, WalkOptions } from "../../../src/guest/files.js";
import {
  WalkResponseSchema,
  type EntrySchema,
  type FetchItemSchema,
} from "../../../src/guest/gen/agent/v1/agent_pb.js";
import { WalkCheck } from "../../../src/guest/walk-check.js";
import { playAgent } from "./played-agent.js";

type EntryInit = MessageInitShape<typeof EntrySchema>;
type ItemInit = MessageInitShape<typeof FetchItemSchema>;

const REGULAR = 0o100644;
const DIRECTORY = 0o040755;
const SYMLINK = 0o120777;

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
const file = (path: string, more: EntryInit = {}): EntryInit => ({
  path: bytes(path),
  mode: REGULAR,
  ...more,
});
const directory = (path: string): EntryInit => ({ path: bytes(path), mode: DIRECTORY });

async function* stream<Message>(messages: Message[]): AsyncGenerator<Message> {
  await Promise.resolve();
  yield* messages;
}

async function walking(...messages: MessageInitShape<typeof WalkResponseSchema>[]): Promise<GuestFiles> {
  const { agent } = await playAgent({ files: { walk: () => stream(messages) } });
  return agent.files("/workspace");
}

async function fetchAll(items: ItemInit[], paths: string[], options: FetchOptions = {}): Promise<Fetched[]> {
  const { agent } = await playAgent({ files: { fetch: () => stream([{ items }]) } });
  const all: Fetched[] = [];
  for await (const each of agent.files("/workspace").fetch(paths, options)) all.push(each);
  return all;
}

const WRONG: { code: string; message: unknown } = {
  code: "guest_died",
  message: expect.stringContaining("wrong answer"),
};

const IMPOSSIBLE_PATHS = [
  "",
  "/etc",
  "a/",
  "a//b",
  ".",
  "..",
  "a/../../etc",
  "a/.",
  "a\0b",
  "x".repeat(4096),
];

test("a walk whose names would fill the host's memory ends early, and says so", () => {
  const check = new WalkCheck({ recursive: true }, 20);
  const link = { path: bytes("b"), mode: SYMLINK, linkTarget: bytes("x".repeat(15)) };
  check.add(create(WalkResponseSchema, { entries: [file("aaaa"), link] }));
  expect(check.isFull).toBe(false);
  check.add(create(WalkResponseSchema, { entries: [file("c")], bootedAtNs: 1n }));
  expect(check.isFull).toBe(true);
  expect(check.finish()).toMatchObject({ entries: [{}, {}, {}], truncated: true });
});

describe("a walk", () => {
  test("of honest entries is handed on", async () => {
    const files = await walking(
      { entries: [directory("a"), file("a/b", { size: 5n, mtimeNs: 7n, ctimeNs: -8n, linkId: 9n })] },
      {
        entries: [
          { path: bytes("ü\xff"), mode: SYMLINK, linkTarget: bytes("../x") },
          { path: bytes("\xffz"), mode: 0o010600 },
        ],
      },
      { ignored: [{ path: bytes("node_modules"), entryCount: 12n }], truncated: true, bootedAtNs: 99n },
    );
    expect(await files.walk({ recursive: true })).toEqual({
      entries: [
        { path: "a", type: "directory", mode: 0o755, sizeBytes: 0, mtimeNs: 0n, ctimeNs: 0n },
        { path: "a/b", type: "file", mode: 0o644, sizeBytes: 5, mtimeNs: 7n, ctimeNs: -8n, linkId: 9n },
        {
          path: "ü\xff",
          type: "symlink",
          mode: 0o777,
          sizeBytes: 0,
          mtimeNs: 0n,
          ctimeNs: 0n,
          linkTarget: "../x",
        },
        { path: "\xffz", type: "other", mode: 0o600, sizeBytes: 0, mtimeNs: 0n, ctimeNs: 0n },
      ],
      ignored: [{ path: "node_modules", entryCount: 12 }],
      truncated: true,
      bootedAtNs: 99n,
    });
  });

  test.each(IMPOSSIBLE_PATHS)("with the path %j is refused, among entries and ignored ones", async (path) => {
    await expect((await walking({ entries: [file(path)] })).walk({ recursive: true })).rejects.toMatchObject(
      WRONG,
    );
    if (path === "") return;
    const files = await walking({ ignored: [{ path: bytes(path), entryCount: 1n }] });
    await expect(files.walk({ recursive: true })).rejects.toMatchObject(WRONG);
  });

  test.each<[string, EntryInit[], WalkOptions]>([
    ["entries out of order", [file("b"), file("a")], { recursive: true }],
    ["one entry twice", [file("a"), file("a")], { recursive: true }],
    ["entries in an order that is not the bytes'", [file("a/b"), file("a-b")], { recursive: true }],
    ["a path from elsewhere", [file("b/x")], { recursive: true, path: "a" }],
    ["the walked directory itself", [directory("a")], { recursive: true, path: "a" }],
    ["a neighbour", [file("ab/x")], { recursive: true, path: "a" }],
    ["deeper entries than were asked for", [file("a/b/c")], { recursive: false, path: "a" }],
    ["deeper entries in the root", [file("b/c")], { recursive: false }],
    ["more entries than were asked for", [file("a"), file("b")], { recursive: true, maxEntries: 1 }],
    ["an entry that is nothing", [file("a", { mode: 0 })], { recursive: true }],
    ["a link to nothing", [{ path: bytes("a"), mode: SYMLINK }], { recursive: true }],
    [
      "a link with a NUL",
      [{ path: bytes("a"), mode: SYMLINK, linkTarget: bytes("a\0") }],
      { recursive: true },
    ],
  ])("with %s is refused", async (_, entries, options) => {
    await expect((await walking({ entries })).walk(options)).rejects.toMatchObject(WRONG);
  });

  test("without an end, or with more ignored paths than it may report, is refused", async () => {
    await expect((await walking()).walk({ recursive: true })).rejects.toMatchObject(WRONG);
    const ignored = Array.from({ length: 1001 }, (_, index) => ({
      path: bytes(`x${index}`),
      entryCount: 1n,
    }));
    await expect((await walking({ ignored })).walk({ recursive: true })).rejects.toMatchObject(WRONG);
  });

  test("of more than a million entries is refused before they are looked at", () => {
    const message = create(WalkResponseSchema);
    message.entries.length = 1_000_001;
    expect(() => new WalkCheck({ recursive: true }).add(message)).toThrow(/more entries/);
  });

  test("of entries with absurd numbers has numbers that hold", async () => {
    const files = await walking({
      entries: [file("a", { size: 2n ** 64n - 1n, mode: 0xffffffff, linkTarget: bytes("x") })],
      ignored: [{ path: bytes("b"), entryCount: 2n ** 64n - 1n }],
    });
    const { entries, ignored } = await files.walk({ recursive: true });
    expect(entries).toMatchObject([{ type: "other", mode: 0o7777, sizeBytes: 0, linkTarget: undefined }]);
    expect(ignored).toEqual([{ path: "b", entryCount: Number.MAX_SAFE_INTEGER }]);
    const giant = await walking({ entries: [file("a", { size: 2n ** 63n })] });
    expect((await giant.walk({ recursive: true })).entries).toMatchObject([
      { sizeBytes: Number.MAX_SAFE_INTEGER },
    ]);
  });
});

describe("stat", () => {
  test.each<[string, EntryInit[]]>([
    ["fewer entries", [file("a")]],
    ["more entries", [file("a"), file("b"), file("c")]],
    ["another order", [file("b"), file("a")]],
    ["another path", [file("a"), file("../b")]],
    ["another path of which there is nothing", [file("a"), { path: bytes("c") }]],
  ])("with %s is refused", async (_, entries) => {
    const { agent } = await playAgent({ files: { stat: () => ({ entries }) } });
    await expect(agent.files("/workspace").stat(["a", "b"])).rejects.toMatchObject(WRONG);
  });

  test("asks for thousands of paths in parts", async () => {
    const sizes: number[] = [];
    const { agent } = await playAgent({
      files: {
        stat: ({ paths }) => (sizes.push(paths.length), { entries: paths.map((path) => ({ path })) }),
      },
    });
    const paths = Array.from({ length: 1201 }, (_, index) => `${index}`);
    expect(await agent.files("/workspace").stat(paths)).toEqual(paths.map(() => undefined));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  });
});

describe("read", () => {
  test.each<[string, EntryInit | undefined, number]>([
    ["no entry", undefined, 0],
    ["another path", file("b"), 0],
    ["a directory", directory("a"), 0],
    ["nothing", { path: bytes("a") }, 0],
    ["more content than was asked for", file("a", { size: 100n }), 11],
  ])("that answers with %s is refused", async (_, entry, length) => {
    const { agent } = await playAgent({
      files: { read: () => ({ ...(entry && { entry }), content: new Uint8Array(length) }) },
    });
    const reading = agent.files("/workspace").read("a", { offset: 0, maxBytes: 10 });
    await expect(reading).rejects.toMatchObject(WRONG);
  });
});

describe("a fetch", () => {
  const entry = (init: EntryInit): ItemInit => ({ item: { case: "entry", value: init } });
  const data = (offset: bigint, text: string): ItemInit => ({
    item: { case: "data", value: { offset, bytes: bytes(text) } },
  });
  const end = (more: { sha256?: Uint8Array<ArrayBuffer>; problem?: string } = {}): ItemInit => ({
    item: { case: "end", value: more },
  });
  const five = file("a", { size: 5n });

  test("of honest items is handed on, without signs of life", async () => {
    const items = [
      entry(five),
      data(0n, "ab"),
      data(2n, ""),
      data(3n, "de"),
      end({ sha256: new Uint8Array(32), problem: "p" }),
      entry({ path: bytes("b") }),
    ];
    expect(await fetchAll(items, ["a", "b"])).toMatchObject([
      { kind: "entry", entry: { path: "a", sizeBytes: 5 } },
      { kind: "data", offset: 0, bytes: bytes("ab") },
      { kind: "data", offset: 3, bytes: bytes("de") },
      { kind: "end", sha256: "0".repeat(64), problem: "p" },
      { kind: "missing", path: "b" },
    ]);
  });

  test.each<[string, ItemInit[]]>([
    ["data beyond its file", [entry(five), data(3n, "xyz"), end()]],
    ["data far beyond its file", [entry(five), data(2n ** 64n - 1n, "x"), end()]],
    ["data twice", [entry(five), data(0n, "ab"), data(1n, "c"), end()]],
    ["data of a directory", [entry(directory("a")), data(0n, "x")]],
    ["data of nothing", [data(0n, "x")]],
    ["data after the end", [entry(five), end(), data(0n, "x")]],
    ["an end of nothing", [end()]],
    ["a second end", [entry(five), end(), end()]],
    ["a file without an end", [entry(five)]],
    ["a file without an end before another", [entry(five), entry(file("b"))]],
    ["a digest that is too short", [entry(five), end({ sha256: new Uint8Array(31) })]],
    ["an item that is nothing", [{}]],
    ["a path that was not asked for", [entry(directory("b"))]],
    ["an impossible path", [entry(directory("../a"))]],
    ["the same path twice", [entry(directory("a")), entry(directory("a"))]],
    ["something below that was not asked for", [entry(directory("a")), entry(directory("a/b"))]],
    ["nothing", []],
  ])("with %s is refused", async (_, items) => {
    await expect(fetchAll(items, ["a"])).rejects.toMatchObject(WRONG);
  });

  test.each<[string, ItemInit[]]>([
    ["a path from elsewhere", [entry(directory("a")), entry(directory("b"))]],
    ["a neighbour", [entry(directory("a")), entry(directory("ab"))]],
    ["paths out of order", [entry(directory("a")), entry(directory("a/c")), entry(directory("a/b"))]],
    ["a path twice", [entry(directory("a")), entry(directory("a/b")), entry(directory("a/b"))]],
    ["what is below before the directory", [entry(directory("a/b")), entry(directory("a"))]],
  ])("below a directory, with %s is refused", async (_, items) => {
    await expect(fetchAll(items, ["a"], { recursive: true })).rejects.toMatchObject(WRONG);
  });

  test("with content that was not wanted is refused", async () => {
    const items = [entry(five), data(0n, "x"), end()];
    await expect(fetchAll(items, ["a"], { maxFileBytes: 4 })).rejects.toMatchObject(WRONG);
    expect(await fetchAll(items, ["a"], { maxFileBytes: 5 })).toHaveLength(3);
  });

  test("of whatever items ends in an error, or keeps to its files", async () => {
    const anyItem = fc.oneof(
      fc.constantFrom("a", "a/b", "a/c", "b", "..", "").map((path) => entry(file(path, { size: 3n }))),
      fc.constantFrom("a", "a/b", "b").map((path) => entry(directory(path))),
      fc
        .tuple(fc.bigInt(0n, 4n), fc.constantFrom("", "x", "xyz"))
        .map(([offset, text]) => data(offset, text)),
      fc.constant(end()),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { maxLength: 8 }), async (items) => {
        const all = await fetchAll(items, ["a"], { recursive: true }).catch((error: unknown) => error);
        if (!Array.isArray(all)) {
          expect(all).toMatchObject(WRONG);
          return;
        }
        const paths = items.filter(({ item }) => item?.case === "entry").length;
        expect(all.filter(({ kind }: Fetched) => kind === "entry" || kind === "missing")).toHaveLength(paths);
      }),
      { numRuns: 60 },
    );
  });
});
