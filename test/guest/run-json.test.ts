// The document of `pyro run --json`.

import { describe, expect, test } from "vitest";
import { ANYBODY, useGuests } from "../helpers/use-guests.js";

/** Of the result of vm_run. */
const KEYS = [
  "vm_id",
  "environment",
  "environment_version",
  "command",
  "stdout",
  "stderr",
  "stdout_truncated",
  "stderr_truncated",
  "exit_code",
  "timed_out",
  "signal",
  "duration_ms",
  "execution_mode",
  "engine",
  "cleanup",
] as const;

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

describe("the JSON document", () => {
  const guests = useGuests(ANYBODY);

  test("has the contract's keys, sorted, indented by two spaces, and nothing beside it on stdout", async () => {
    const { environment } = guests();
    const { status, stdout, stderr } = await guests().sh("printf out; printf err >&2; exit 5", {
      flags: ["--json"],
    });
    const text = stdout.toString();
    const value: unknown = JSON.parse(text);
    expect(status).toBe(5);
    expect(text).toBe(`${JSON.stringify(sortKeys(value), undefined, 2)}\n`);
    expect(value).toHaveProperty("vm_id", expect.stringMatching(/^vm_[a-z2-7]{12}$/));
    for (const key of KEYS) expect(value).toHaveProperty(key);
    expect(value).toMatchObject({
      environment,
      command: "sh -c 'printf out; printf err >&2; exit 5'",
      stdout: "out",
      stderr: "err",
      stdout_truncated: false,
      stderr_truncated: false,
      exit_code: 5,
      timed_out: false,
      signal: null,
      execution_mode: "guest",
      engine: { name: "gvisor", security_boundary: true },
      cleanup: { deleted: true, reason: "post_exec_cleanup" },
    });
    expect(stderr).not.toContain("err\n");
    expect(stderr).toMatch(/^\[run\] phase=execute vm_id=vm_/m);
  });

  test("keeps head and tail of output beyond its limit, and says so", async () => {
    const result = await guests().json([
      "sh",
      "-c",
      "echo head; head -c 3000000 /dev/zero | tr '\\0' x; echo tail",
    ]);
    expect(result).toMatchObject({ stdout_truncated: true, stderr_truncated: false, exit_code: 0 });
    expect(result["stdout"]).toMatch(/^head\nx+\n\[\.\.\. \d+ bytes omitted \.\.\.\]\nx+tail\n$/);
    expect(String(result["stdout"]).length).toBeLessThan(1.1 * 1024 * 1024);
  });

  test("replaces in text what is not UTF-8", async () => {
    const result = await guests().json(["printf", "a\\377b"]);
    expect(result["stdout"]).toBe("a\ufffdb");
  });

  test("is whole and valid for output that is control characters and quotes", async () => {
    const result = await guests().json(["printf", '\\033[2J"\\\\\\t\\0\\u2028']);
    expect(result["stdout"]).toBe('\u001b[2J"\\\t\0\u2028');
  });
});
