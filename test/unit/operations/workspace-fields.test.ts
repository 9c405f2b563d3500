// What the inputs about workspaces take, and what they refuse.

import { describe, expect, test } from "vitest";
import { TEXT_FILE_MAX_BYTES } from "../../../src/contract/limits.js";
import { SCHEMAS } from "../../../src/operations/registry.js";

const isCreate = (input: object) => SCHEMAS.workspace_create.input.safeParse(input).success;

describe("a name", () => {
  test.each(["a", "Fix the parser", "ä☃", "x".repeat(120), "ws_short"])("may be %j", (name) => {
    expect(isCreate({ name })).toBe(true);
  });

  test.each([
    ["empty", ""],
    ["too long", "x".repeat(121)],
    ["of several lines", "a\nb"],
    ["with an escape", "a\u001b[2J"],
    ["like an id, which another workspace may have", "ws_abcdefghijkl"],
  ])("must not be %s", (_, name) => expect(isCreate({ name })).toBe(false));
});

describe("labels", () => {
  test("are plain keys and any text", () => {
    expect(isCreate({ labels: { "issue.id-1_a": "any = text\n☃", B: "" } })).toBe(true);
  });

  test.each([
    ["a key with a space", { "a b": "" }],
    ["a key that begins with a dash", { "-a": "" }],
    ["a key that is too long", { ["k".repeat(65)]: "" }],
    ["a value that is too long", { a: "v".repeat(257) }],
    ["a value that is no text", { a: 1 }],
    ["too many", Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, ""]))],
  ])("must not hold %s", (_, labels) => expect(isCreate({ labels })).toBe(false));

  test("cannot reach an object's own machinery", () => {
    const labels: unknown = JSON.parse('{"__proto__": "x"}');
    const parsed = SCHEMAS.workspace_create.input.parse({ labels });
    expect(Object.getPrototypeOf(parsed.labels)).toBe(Object.prototype);
    expect(Object.keys(parsed.labels)).toEqual([]);
  });
});

test("a text may have 64 MiB of UTF-8, whatever its count of characters", () => {
  const write = (text: string) =>
    SCHEMAS.workspace_file_write.input.safeParse({ workspace_id: "ws", path: "a", text }).success;
  expect(write("")).toBe(true);
  expect(write("a".repeat(TEXT_FILE_MAX_BYTES))).toBe(true);
  expect(write("ä".repeat(TEXT_FILE_MAX_BYTES / 2 + 1))).toBe(false);
});

test("defaults are the contract's", () => {
  expect(SCHEMAS.workspace_create.input.parse({})).toEqual({
    environment: "debian:12",
    labels: {},
    vcpu_count: 1,
    mem_mib: 1024,
    ttl_seconds: 14_400,
    network_policy: "off",
    secrets: [],
    allow_host_compat: false,
  });
  expect(SCHEMAS.workspace_exec.input.parse({ workspace_id: "ws", command: "ls" })).toMatchObject({
    timeout_seconds: 30,
    cwd: "/workspace",
  });
  expect(SCHEMAS.workspace_file_read.input.parse({ workspace_id: "ws", path: "a" })).toMatchObject({
    max_bytes: 65_536,
    offset: 0,
  });
  expect(SCHEMAS.workspace_diff.input.parse({ workspace_id: "ws" })).toEqual({
    workspace_id: "ws",
    include_patch: true,
    include_ignored: false,
    include_binary: false,
  });
  expect(SCHEMAS.workspace_reset.input.parse({ workspace_id: "ws" })).toMatchObject({ snapshot: "baseline" });
});

test("unknown arguments are refused", () => {
  expect(isCreate({ seed: "." })).toBe(false);
  expect(SCHEMAS.workspace_status.input.safeParse({ workspace_id: "ws", verbose: true }).success).toBe(false);
});
