import fc from "fast-check";
import { expect, test } from "vitest";
import { formatWorkspacePath, resolveWorkspacePath } from "../../../../src/workspace/files/workspace-path.js";

test.each([
  ["/workspace", ""],
  ["/workspace/", ""],
  [".", ""],
  ["./", ""],
  ["a", "a"],
  ["a//b/./c/", "a/b/c"],
  ["/workspace/a/../b", "b"],
  ["../workspace/a", "a"],
  ["/workspace/../workspace/a", "a"],
  ["...", "..."],
  [" a\nb ", " a\nb "],
  ["łódź", "\xc5\x82\xc3\xb3d\xc5\xba"],
])("%j is %j in the workspace", (text, bytePath) => {
  expect(resolveWorkspacePath(text)).toBe(bytePath);
});

test.each(["..", "../x", "/", "/etc/passwd", "/workspaces", "/workspace/..", "a/../../b", "//etc"])(
  "%j is outside of it",
  (text) => {
    expect(() => resolveWorkspacePath(text)).toThrow(
      expect.objectContaining({ code: "path_outside_workspace" }),
    );
  },
);

test.each([
  ["", 'the path "" is empty; /workspace itself is `.`'],
  ["a\0b", 'the path "a\\u0000b" holds a NUL'],
  ["a\ud800", 'the path "a\\ud800" is not valid Unicode'],
  [`${"d/".repeat(3000)}x`, `the path "${"d/".repeat(50)}…" is longer than 4095 bytes`],
  ["n".repeat(256), `the path "${"n".repeat(100)}…" holds a name longer than 255 bytes`],
  ["ł".repeat(128), `the path "${"ł".repeat(100)}…" holds a name longer than 255 bytes`],
])("%j is no path", (text, message) => {
  expect(() => resolveWorkspacePath(text)).toThrow(
    expect.objectContaining({ code: "invalid_input", message }),
  );
});

test("whatever is given, the answer stays below /workspace and is found again by its absolute form", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(".", "/", "a", "ł", "workspace") }), (text) => {
      let bytePath;
      try {
        bytePath = resolveWorkspacePath(text);
      } catch {
        return;
      }
      expect(bytePath === "" || bytePath.split("/").every((name) => !["", ".", ".."].includes(name))).toBe(
        true,
      );
      expect(resolveWorkspacePath(formatWorkspacePath(bytePath))).toBe(bytePath);
    }),
  );
});

test("what is not UTF-8 is replaced for people", () => {
  expect(formatWorkspacePath("a/\xff\xc5\x82")).toBe("/workspace/a/\ufffdł");
});
