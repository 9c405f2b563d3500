// How a user says when a service is ready.

import { describe, expect, test } from "vitest";
import { parseReady } from "../../../src/workspace/services/readiness.js";
import { tailOf } from "../../../src/workspace/services/read-service-log.js";

describe("a readiness", () => {
  test.each([
    [{ file: "x/ready" }, { type: "file", path: "/workspace/x/ready" }],
    [{ file: "/tmp/ready" }, { type: "file", path: "/tmp/ready" }],
    [{ tcp: 80 }, { type: "tcp", port: 80 }],
    [{ tcp: "8080" }, { type: "tcp", port: 8080 }],
    [{ tcp: "[::1]:8080" }, { type: "tcp", port: 8080 }],
    [{ http: "http://localhost:3000/a?b" }, { type: "http", url: "http://localhost:3000/a?b" }],
    [{ command: ["test", "-e", "x"] }, { type: "command", argv: ["test", "-e", "x"] }],
  ])("%j is asked for as %j", (choice, check) => {
    expect(parseReady(choice, "/workspace")?.check).toEqual(check);
  });

  test.each([
    [{ tcp: "0" }],
    [{ tcp: "65536" }],
    [{ tcp: "example.org:80" }],
    [{ tcp: "127.0.0.1:" }],
    [{ http: "http://169.254.169.254/" }],
    [{ http: "ftp://localhost/" }],
    [{ http: "localhost:80" }],
    [{ tcp: 80, file: "x" }],
  ])("%j is refused", (choice) => {
    expect(() => parseReady(choice, "/workspace")).toThrow(
      expect.objectContaining({ code: "invalid_input" }),
    );
  });

  test("is none when nothing is asked for", () => {
    expect(parseReady({}, "/workspace")).toBeUndefined();
  });
});

test.each([
  ["a\nb\nc\n", 2, "b\nc\n"],
  ["a\nb\nc", 2, "b\nc"],
  ["\n\n\n", 2, "\n\n"],
  ["a", 5, "a"],
  ["", 3, ""],
])("of %j the last %i lines are %j", (log, lines, tail) => {
  expect(tailOf(Buffer.from(log), lines).toString()).toBe(tail);
});
