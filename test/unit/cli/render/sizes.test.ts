import { expect, test } from "vitest";
import { formatBytes, formatTime } from "../../../../src/cli/render/sizes.js";

test.each([
  [0, "0 B"],
  [1, "1 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [102_400, "100 KiB"],
  [1024 ** 2, "1.0 MiB"],
  [5.25 * 1024 ** 3, "5.3 GiB"],
  [2048 * 1024 ** 4, "2048 TiB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("a time is UTC, to the second", () => {
  expect(formatTime(0)).toBe("1970-01-01 00:00:00 UTC");
  expect(formatTime(1_767_225_599.999)).toBe("2025-12-31 23:59:59 UTC");
});
