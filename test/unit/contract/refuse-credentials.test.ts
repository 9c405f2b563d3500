// What looks like credentials in the name of an image is refused without being shown.

import { expect, test } from "vitest";
import { refuseCredentials } from "../../../src/contract/refuse-credentials.js";

const DIGEST = `sha256:${"0".repeat(64)}`;

test.each([
  "user:secret@host/x",
  "user:secret@host/x:1",
  "secret@host/x",
  "https://user:secret@host/x",
  "user:sec/ret@host/x",
  `user:secret@host/x@${DIGEST}`,
  "user:secret@",
])("%s", (text) => {
  expect(() => refuseCredentials(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  expect(() => refuseCredentials(text)).not.toThrow(/secret/);
});

test.each(["debian:12", `host:5000/x@${DIGEST}`, `python:3.12@${DIGEST}`, "./user@host/x", "/tmp/a@b"])(
  "%s holds none",
  (text) => {
    expect(() => refuseCredentials(text)).not.toThrow();
  },
);
