import { access } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { HOST_ENV, runProcess } from "../../../src/platform/processes.js";
import { CapturedStream } from "../helpers/captured-stream.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

describe("how a program ended", () => {
  test("a non-zero exit is a result, with both streams", async () => {
    expect(await runProcess(["sh", "-c", "echo out; echo err >&2; exit 7"])).toEqual({
      exitCode: 7,
      signal: null,
      timedOut: false,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("a signal that ended it is named", async () => {
    expect(await runProcess(["sh", "-c", "kill -SEGV $$"])).toMatchObject({
      exitCode: null,
      signal: "SIGSEGV",
    });
  });

  test("a program that does not exist is named, with what installs it; a missing directory is not taken for one", async () => {
    await expect(runProcess(["no-such-program"])).rejects.toMatchObject({
      code: "program_missing",
      hint: "Install it, for example with `apt-get install no-such-program`.",
      details: { program: "no-such-program" },
    });
    await expect(runProcess(["true"], { cwd: "/no/such/directory" })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("what a program is given", () => {
  test("its arguments as they are, without a shell", async () => {
    const { stdout } = await runProcess(["printf", "%s|", "a b", "$HOME", "*", "'\"", ""]);
    expect(stdout).toBe("a b|$HOME|*|'\"||");
  });

  test("an environment of its own, nothing of ours", async () => {
    expect((await runProcess(["env"])).stdout.trim().split("\n").sort()).toEqual(
      Object.entries(HOST_ENV)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
    expect((await runProcess(["/usr/bin/env"], { env: { ONLY: "this" } })).stdout).toBe("ONLY=this\n");
  });

  test("a string or a stream as stdin; without one there is nothing to read", async () => {
    expect((await runProcess(["cat"], { stdin: "a\0b" })).stdout).toBe("a\0b");
    expect(
      (await runProcess(["cat"], { stdin: Readable.from([Buffer.from("a"), Buffer.from("b")]) })).stdout,
    ).toBe("ab");
    expect((await runProcess(["cat"])).stdout).toBe("");
  });

  test("stdin that it does not read is no failure", async () => {
    expect((await runProcess(["true"], { stdin: "x".repeat(10_000_000) })).exitCode).toBe(0);
  });
});

describe("what is kept of its output", () => {
  test("the end, up to the bound", async () => {
    const script =
      "head -c 3000000 /dev/zero | tr '\\0' x; echo end; head -c 3000000 /dev/zero | tr '\\0' y >&2";
    const { stdout, stderr } = await runProcess(["sh", "-c", script], { keepBytes: 1000 });
    expect(stdout).toBe(`${"x".repeat(996)}end\n`);
    expect(stderr).toBe("y".repeat(1000));
  });

  test("nothing when it goes to a stream, which gets all of it", async () => {
    const stdout = new CapturedStream();
    const result = await runProcess(["sh", "-c", "head -c 300000 /dev/zero; echo err >&2"], { stdout });
    expect(stdout.bytes.length).toBe(300_000);
    expect(result).toMatchObject({ stdout: "", stderr: "err\n" });
  });

  test("a program waits for a stream that is not read", async () => {
    const stdout = new PassThrough();
    const lines: string[] = [];
    const ended = runProcess(["sh", "-c", "echo go >&2; head -c 3000000 /dev/zero; echo done >&2"], {
      stdout,
      onStderrLine: (line) => {
        lines.push(line);
        if (line === "done") expect(stdout.readableLength).toBeLessThan(3_000_000);
        if (line === "go") setImmediate(() => stdout.resume());
      },
    });
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(lines).toEqual(["go", "done"]);
  });

  test("each line of stderr is told as it comes, the unfinished last one at the end", async () => {
    const lines: string[] = [];
    await runProcess(["sh", "-c", "printf 'one\\ntwö\\nlast' >&2"], {
      onStderrLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(["one", "twö", "last"]);
  });
});

test("with a signal that is aborted already nothing starts", async () => {
  const file = path.join(await makeTempDirectory(), "made");
  const signal = AbortSignal.abort(new Error("no"));
  await expect(runProcess(["touch", file], { signal })).rejects.toThrow("no");
  await expect(access(file)).rejects.toMatchObject({ code: "ENOENT" });
});
