import { describe, expect, test } from "vitest";
import {
  ERROR_CATALOGUE,
  isErrorCode,
  isSystemError,
  PyroError,
  toPyroError,
} from "../../../src/contract/errors.js";

/** Contract, section 2; 130 is the shell's word for an interrupted command. */
const EXIT_STATUSES = [1, 2, 3, 4, 5, 6, 7, 130];

describe("the catalogue of failures", () => {
  test.each(Object.entries(ERROR_CATALOGUE))(
    "%s has an exit status of the contract and a next step",
    (_, entry) => {
      expect(EXIT_STATUSES).toContain(entry.exitStatus);
      expect(entry.hint).toMatch(/^\S.*\.$/);
    },
  );

  test("names of Object.prototype are no error codes", () => {
    expect(isErrorCode("internal")).toBe(true);
    for (const name of ["toString", "__proto__", "constructor", ""]) expect(isErrorCode(name)).toBe(false);
  });
});

describe("PyroError", () => {
  test("takes hint, exit status and retryability from its code", () => {
    const error = new PyroError("vm_limit_reached", "4 guests run already");
    expect(error.hint).toBe(ERROR_CATALOGUE.vm_limit_reached.hint);
    expect(error.exitStatus).toBe(7);
    expect(error.retryable).toBe(true);
    expect(error.details).toEqual({});
  });

  test("keeps code, message, hint and details across a process border, and not its cause", () => {
    const cause = new Error("secret");
    const error = new PyroError("conflict", "busy", { hint: "Wait.", details: { pid: 7 }, cause });
    const report = error.toReport();
    expect(JSON.stringify(report)).not.toContain("secret");
    expect(PyroError.fromReport(report).toReport()).toEqual(report);
  });
});

describe("toPyroError", () => {
  test("leaves a PyroError as it is", () => {
    const error = new PyroError("timeout", "late");
    expect(toPyroError(error)).toBe(error);
  });

  test("calls an abort a cancellation", () => {
    const controller = new AbortController();
    controller.abort();
    expect(toPyroError(controller.signal.reason).code).toBe("cancelled");
  });

  test.each([new Error("boom"), "boom"])(
    "makes anything else internal, with its message and cause",
    (thrown) => {
      const error = toPyroError(thrown);
      expect(error).toMatchObject({ code: "internal", message: "boom" });
      expect(error.cause).toBe(thrown);
    },
  );

  test.each([undefined, null, 0, {}, Symbol("x")])("survives that %s is thrown", (thrown) => {
    expect(toPyroError(thrown).code).toBe("internal");
  });
});

test("isSystemError knows an errno name among several, and nothing but errors", () => {
  const error = Object.assign(new Error("no"), { code: "ENOENT" });
  expect(isSystemError(error, "EACCES", "ENOENT")).toBe(true);
  expect(isSystemError(error, "EACCES")).toBe(false);
  expect(isSystemError({ code: "ENOENT" }, "ENOENT")).toBe(false);
  expect(isSystemError(new PyroError("internal", "x"), "ENOENT")).toBe(false);
});
