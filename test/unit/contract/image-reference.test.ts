import { expect, test } from "vitest";
import {
  formatImageReference,
  isMistakenImageOutput,
  parseImageOutput,
  parseImageReference,
  suggestImageReference,
} from "../../../src/contract/image-reference.js";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function normalize(text: string): string | undefined {
  const reference = parseImageReference(text);
  return reference && formatImageReference(reference);
}

test.each([
  ["docker.io/library/python:3.12-slim", "docker.io/library/python:3.12-slim"],
  ["docker.io/python", "docker.io/library/python:latest"],
  ["Docker.IO/python:3", "docker.io/library/python:3"],
  ["ghcr.io/org/img:tag", "ghcr.io/org/img:tag"],
  ["localhost/a", "localhost/a:latest"],
  ["host:5000/a/b/c_d__e--f.g", "host:5000/a/b/c_d__e--f.g:latest"],
  ["127.0.0.1:5000/x:Y_1.2-3", "127.0.0.1:5000/x:Y_1.2-3"],
  ["[::1]:5000/x", "[::1]:5000/x:latest"],
  [`host:1/x@${DIGEST}`, `host:1/x@${DIGEST}`],
  [`host:1/x:tag@${DIGEST}`, `host:1/x@${DIGEST}`],
])("%s is an image in one spelling", (text, expected) => {
  expect(normalize(text)).toBe(expected);
  expect(normalize(expected)).toBe(expected);
});

test.each([
  ...["debian:12", "python", "library/python:3", "org/img@sha256:12", ""],
  ...["host.example/", "host.example/UPPER", "host.example/a//b", "host.example/a:b:c", "host.example/a:"],
  ...[
    "host.example/../etc",
    "host.example/a/../b",
    "-x.example/a",
    "https://host.example/a",
    "host.example/a b",
  ],
  ...[`host.example/a@${DIGEST}0`, `host.example/a@${DIGEST}@${DIGEST}`, "user:pw@host.example/a"],
  `host.example/${"a".repeat(256)}`,
])("%s is no reference that names its registry", (text) => {
  expect(parseImageReference(text)).toBeUndefined();
});

test("a short name is answered with the way to write it", () => {
  expect(suggestImageReference("python:3.12")).toBe("docker.io/library/python:3.12");
  expect(suggestImageReference("org/img")).toBe("docker.io/org/img:latest");
  expect(suggestImageReference("no such")).toBeUndefined();
});

test("an output is an image when it names a registry and does not begin as a path", () => {
  const outputs = [
    "host:5000/x",
    "ghcr.io/org/img:tag",
    "image",
    "out/image",
    "./host:5000/x",
    "/ghcr.io/org/img",
  ];
  expect(outputs.filter(parseImageOutput)).toEqual(["host:5000/x", "ghcr.io/org/img:tag"]);
  expect(outputs.filter(isMistakenImageOutput)).toEqual([]);
});

test("what begins with a registry and is no image is taken for a slip, not for a directory", () => {
  const slips = ["ghcr.io/Org/img:1", "host:5000/img:a:b", "localhost/", "ghcr.io/img@sha256:1"];
  expect(slips.filter(isMistakenImageOutput)).toEqual(slips);
  expect(["./ghcr.io/Org", "ghcr.io", "images/Org", "/ghcr.io/Org"].filter(isMistakenImageOutput)).toEqual(
    [],
  );
});
